"""The secret of a linked account, decrypted for one fetch, and renewed before it ends."""

from datetime import datetime, timedelta

from django.db import transaction

from connectors import crypto, registry, server_apps
from connectors.clients import client_for
from connectors.errors import ConnectorError, Relink
from connectors.models import Account, Credential
from connectors.oauth import Proof

# Longer than a fetch may take (connectors.tasks): a token that ends within one fails half-way.
# Where only a valid token is renewed, an oauth module names a longer time of its own.
RENEW_BEFORE = timedelta(minutes=30)


def token_of(account: Account, now: datetime) -> tuple[str, int | None]:
    """Return the account's access token ("" for public reads) and the credential's id.

    Raises Relink where it cannot be decrypted, has ended, or the network does not renew it.
    """
    credential = Credential.objects.filter(account=account).first()
    if credential is None or not bytes(credential.secret):
        return "", None
    if credential.expires_at and _ends(credential, now, _renew_before(account.network)):
        return _renewed(account, credential.pk, now).get("access", ""), credential.pk
    return crypto.decrypt_secret(credential.secret).get("access", ""), credential.pk


def _renew_before(network_id: str) -> timedelta:
    found = getattr(server_apps.oauth_module(network_id), "RENEW_BEFORE", RENEW_BEFORE)
    assert isinstance(found, timedelta)
    return found


def _ends(credential: Credential, now: datetime, before: timedelta) -> bool:
    return credential.expires_at is not None and credential.expires_at - before <= now


def _renewed(account: Account, credential_id: int, now: datetime) -> dict[str, str]:
    """Return the secret with a token that lasts, renewed by one worker at a time.

    The row is held while the network is asked: many take a refresh token once, and who comes
    second finds the newer one here. Linking again waits, too, and is not overwritten.
    """
    with transaction.atomic():
        credential = (
            Credential.objects.select_for_update().filter(pk=credential_id, account=account).first()
        )
        if credential is None:
            raise Relink("The account was unlinked.", network=account.network)
        secret = crypto.decrypt_secret(credential.secret)
        if not _ends(credential, now, _renew_before(account.network)):
            return secret
        module = server_apps.oauth_module(account.network)
        refresh = getattr(module, "refresh", None)
        if refresh is None or not secret.get("refresh"):
            if credential.expires_at is not None and credential.expires_at > now:
                return secret
            raise Relink("The access that you gave has ended.", network=account.network)
        network = registry.network(account.network)
        try:
            with client_for(network, server=account.server, credential_id=credential.pk) as client:
                proof: Proof = refresh(
                    client,
                    secret=secret,
                    server=account.server,
                    app=server_apps.app_for(account.network, account.server),
                )
        except ConnectorError as error:
            if isinstance(error, Relink) or _ends(credential, now, RENEW_BEFORE):
                raise
            # Tried early, and there is time to try again: what we have still opens the account.
            return secret
        renewed = {**secret, **proof.secret}
        # Stored at once: the network may already refuse the old refresh token.
        credential.secret = crypto.encrypt_secret(renewed)
        credential.expires_at = proof.expires_at
        credential.save(update_fields=["secret", "expires_at"])
        return renewed
