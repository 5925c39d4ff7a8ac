from django.apps import AppConfig


class TopicsConfig(AppConfig):
    name = "scoring.topics"
    label = "topics"

    def ready(self) -> None:
        from scoring.topics import privacy, storing

        privacy.register()
        storing.register()
