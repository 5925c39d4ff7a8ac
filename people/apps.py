from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from people import kept_pages, privacy

        privacy.register()
        kept_pages.register()
