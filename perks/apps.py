from django.apps import AppConfig


class PerksConfig(AppConfig):
    name = "perks"

    def ready(self) -> None:
        from perks import duty, privacy

        privacy.register()
        duty.register()
