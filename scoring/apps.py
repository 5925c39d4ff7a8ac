from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"

    def ready(self) -> None:
        from scoring import checks, duty, parquet, privacy  # noqa: F401 - checks register themselves

        privacy.register()
        parquet.register()
        duty.register()
