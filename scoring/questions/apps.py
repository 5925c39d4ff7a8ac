from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "scoring.questions"
    label = "questions"

    def ready(self) -> None:
        from scoring.questions import duty, privacy

        privacy.register()
        duty.register()
