"""The secret of a linked account, decrypted for one fetch, and renewed before it ends."""

from datetime import datetime, timedelta

from connectors import crypto, registry, server_apps
from connectors.clients import client_for
from connectors.errors import Relink
from connectors.models import Account, Credential
from connectors.oauth import Proof

# A token that ends within a fetch would fail half-way.
RENEW_BEFORE = timedelta(minutes=15)


def token_of(account: Account, now: datetime) -> tuple[str, int | None]:
    """Return the account's access token ("" for public reads) and the credential's id.

    Raises Relink where it cannot be decrypted, has ended, or the network does not renew it.
    """
    credential = Credential.objects.filter(account=account).first()
    if credential is None or not bytes(credential.secret):
        return "", None
    secret = crypto.decrypt_secret(credential.secret)
    if credential.expires_at is not None and credential.expires_at - RENEW_BEFORE <= now:
        secret = _renewed(account, credential, secret, now)
    return secret.get("access", ""), credential.pk


def _renewed(
    account: Account, credential: Credential, secret: dict[str, str], now: datetime
) -> dict[str, str]:
    module = server_apps.oauth_module(account.network)
    refresh = getattr(module, "refresh", None)
    if refresh is None or not secret.get("refresh"):
        if credential.expires_at is not None and credential.expires_at > now:
            return secret
        raise Relink("The access that you gave has ended.", network=account.network)
    network = registry.network(account.network)
    with client_for(network, server=account.server, credential_id=credential.pk) as client:
        proof: Proof = refresh(
            client,
            secret=secret,
            server=account.server,
            app=server_apps.app_for(account.network, account.server),
        )
    renewed = {**secret, **proof.secret}
    # Stored at once: the network may already refuse the old refresh token.
    credential.secret = crypto.encrypt_secret(renewed)
    credential.expires_at = proof.expires_at
    credential.save(update_fields=["secret", "expires_at"])
    return renewed
