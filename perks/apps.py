from django.apps import AppConfig


class PerksConfig(AppConfig):
    name = "perks"

    def ready(self) -> None:
        from perks import privacy

        privacy.register()
