"""Our own registrations at networks: from the settings, or made at a server and kept encrypted."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.conf import settings
from django.db import transaction

from connectors import crypto, registry
from connectors.clients import client_for
from connectors.models import ServerApp
from connectors.oauth import App
from connectors.types import Network


def oauth_module(network_id: str) -> ModuleType:
    """Return the module that links accounts of a network; KeyError where none can be linked."""
    name = f"connectors.oauth.{network_id}"
    if network_id not in registry.CONNECTORS or find_spec(name) is None:
        raise KeyError(network_id)
    return import_module(name)


def is_registered(network: Network) -> bool:
    """Return whether the operator has given the keys without which nothing is asked there."""
    if f"{network.id.upper()}_API_KEY" in network.keys and not settings.NETWORK_KEYS.get(
        network.id
    ):
        return False
    return not network.keys or bool(settings.NETWORK_APPS.get(network.id, ("", ""))[0])


def app_for(network_id: str, server: str = "", *, redirect_uri: str = "") -> App | None:
    """Return our registration at the network or its server; None where none is needed.

    A federated server is asked for one the first time (needs `redirect_uri`).
    """
    if network_id == "sample":
        return App(settings.SAMPLE_CLIENT_ID, settings.SAMPLE_CLIENT_SECRET)
    network = registry.network(network_id)
    if network.keys:
        client_id, client_secret = settings.NETWORK_APPS.get(network_id, ("", ""))
        extra = {"scopes": " ".join(settings.NETWORK_SCOPES.get(network_id, ()))}
        return App(client_id, client_secret, extra) if client_id else None
    if not network.federated:
        return None
    row = ServerApp.objects.filter(network=network_id, server=server).first()
    if row is not None:
        fields = crypto.decrypt_secret(row.secret)
        if not redirect_uri or fields.get("redirect_uri") == redirect_uri:
            return App(row.client_id, fields.pop("client_secret", ""), fields)
    if not redirect_uri:
        return None
    return _registered(network_id, server, redirect_uri)


def _registered(network_id: str, server: str, redirect_uri: str) -> App:
    network = registry.network(network_id)
    with client_for(network, server=server) as client:
        app: App = oauth_module(network_id).register(
            client, server=server, redirect_uri=redirect_uri
        )
    fields = {**app.extra, "redirect_uri": redirect_uri, "client_secret": app.client_secret}
    with transaction.atomic():
        ServerApp.objects.update_or_create(
            network=network_id,
            server=server,
            defaults={"client_id": app.client_id, "secret": crypto.encrypt_secret(fields)},
        )
    return app
