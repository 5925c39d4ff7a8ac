from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "connectors"

    def ready(self) -> None:
        from connectors import named_accounts, privacy
        from people import networks

        privacy.register()
        networks.provide(named_accounts.NamedAccounts())
