from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"

    def ready(self) -> None:
        from scoring import parquet, privacy

        privacy.register()
        parquet.register()
