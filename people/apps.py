from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from people import kept_pages, privacy
        from people.duty import own

        privacy.register()
        kept_pages.register()
        own.register_queues()
