"""Linking an account to a person by proof of its network, and unlinking it.

An account belongs to one person. The first who proves it holds it; a second claimant is refused,
proof or not, until the first unlinks or is erased (docs/decisions: second claimant). A profile
that was only looked up is claimed by whoever proves the account.
"""

import hmac
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from connectors import checks, crypto, history, registry, server_apps
from connectors.clients import client_for
from connectors.copying import clean
from connectors.due import due_day
from connectors.errors import ConnectorError
from connectors.models import Account, Credential, FetchState
from connectors.oauth import Begun, LinkRefused, Proof, Several
from connectors.types import AuthKind
from people import consent, erasure, kept_pages, opt_out
from people.models import Person

log = logging.getLogger(__name__)

# From leaving for the network to coming back.
FLOW_LASTS = timedelta(minutes=15)


class AlreadyLinked(Exception):
    """The account is linked by another person; the sentence does not say whose."""


class MixedSample(Exception):
    """Sample accounts (invented people) never count beside real ones."""


def begin(network_id: str, *, hint: str, redirect_uri: str) -> Begun:
    """Return where the person goes, and what the caller keeps in the session for `complete`."""
    module = server_apps.oauth_module(network_id)
    network = registry.network(network_id)
    server = module.server_of(hint, registry.local_servers()) if network.federated else ""
    app = server_apps.app_for(network_id, server, redirect_uri=redirect_uri)
    with client_for(network, server=server) as client:
        begun: Begun = module.begin(client, redirect_uri=redirect_uri, hint=hint, app=app)
    kept = {
        **begun.kept,
        "network": network_id,
        "server": begun.kept.get("server", server),
        "begun_at": timezone.now().isoformat(),
    }
    return Begun(begun.redirect_url, kept)


def complete(
    network_id: str, *, redirect_uri: str, kept: Mapping[str, str], params: Mapping[str, str]
) -> Proof:
    """Return whose account it is; raises LinkRefused for an answer to another flow.

    Raises Several, with a proof of each, where the person has to pick one of their accounts.
    `kept` is what begin gave, taken out of the session by the caller: a flow is used once.
    """
    state = kept.get("state", "")
    told = params.get("state", "")
    if (
        not state
        or kept.get("network") != network_id
        or not hmac.compare_digest(state.encode(), told.encode())
    ):
        raise LinkRefused(
            "The answer belongs to no link begun here.", reason="state", network=network_id
        )
    begun_at = kept.get("begun_at", "")
    if not begun_at or timezone.now() - datetime.fromisoformat(begun_at) > FLOW_LASTS:
        raise LinkRefused("Linking took too long.", reason="expired", network=network_id)
    network = registry.network(network_id)
    server = kept.get("server", "")
    app = server_apps.app_for(network_id, server, redirect_uri=redirect_uri)
    with client_for(network, server=server) as client:
        try:
            proof: Proof = server_apps.oauth_module(network_id).complete(
                client, redirect_uri=redirect_uri, kept=dict(kept), params=params, app=app
            )
        except Several as several:
            for one in several.proofs:
                checks.check_profile(network, one.profile)
            raise
    checks.check_profile(network, proof.profile)
    return proof


def attach(person: Person, network_id: str, proof: Proof) -> Account:
    """Link the proven account to the person, record the consent, and queue its first sync.

    Raises AlreadyLinked and MixedSample; nothing is stored then. Links of one account and links
    by one person wait for each other.
    """
    profile = proof.profile
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        _hold(network_id, profile.native_id)
        _refuse_mixture(person, network_id)
        account = Account.objects.filter(network=network_id, native_id=profile.native_id).first()
        if account is not None and account.person_id != person.pk:
            _take_over(account, person)
        if account is None:
            account = Account(network=network_id, native_id=profile.native_id, person=person)
        account.server = proof.server
        account.handle = clean(profile.handle)
        account.name = clean(profile.name, 200)
        account.url = checks.web_address(profile.url)
        account.granted_by = proof.granted_by[:64]
        account.status = Account.Status.LINKED
        account.linked_at = timezone.now()
        account.resume_at, account.state_detail = None, ""
        account.state = Account.State.OK if account.last_synced_at else Account.State.NEW
        account.save()
        _keep_credential(account, proof)
        # Only who owns an account can link it, and linking asks for the score.
        opt_out.lift(network_id, (profile.native_id, profile.handle))
        consent.record(f"link:{network_id}", given=True, user=person.owner, person=person)
        queue_sync(account)
    log.info("account_linked account_id=%s network=%s", account.pk, network_id)
    return account


def owned(network_id: str, proof: Proof) -> Account | None:
    """Return the proven account where somebody who has signed up has linked it. One query."""
    return (
        Account.objects.select_related("person__owner")
        .filter(
            network=network_id,
            native_id=proof.profile.native_id,
            status=Account.Status.LINKED,
            person__owner__isnull=False,
        )
        .first()
    )


def renew(account: Account, proof: Proof) -> None:
    """Keep a newer credential of a linked account; one whose access had expired is read again.

    The older one is not taken back at the network: some give the same token twice.
    """
    with transaction.atomic():
        _keep_credential(account, proof)
        if account.state == Account.State.RELINK:
            account.resume_at, account.state_detail = None, ""
            account.state = Account.State.OK if account.last_synced_at else Account.State.NEW
            account.save(update_fields=["resume_at", "state", "state_detail"])
            queue_sync(account)


def discard(network_id: str, proof: Proof) -> None:
    """Take the access of a proof that nobody uses back at the network."""
    if not _shares_access(network_id, proof.granted_by):
        _revoke(network_id, proof.server, crypto.encrypt_secret(proof.secret))


def _hold(network_id: str, native_id: str) -> None:
    """Wait until no other transaction links this account, whether or not its row exists."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"{network_id}:{native_id}"]
        )


def _refuse_mixture(person: Person, network_id: str) -> None:
    others = Account.objects.filter(person=person).exclude(status=Account.Status.UNLINKED)
    mixed = (
        others.exclude(network="sample")
        if network_id == "sample"
        else others.filter(network="sample")
    )
    if mixed.exists():
        raise MixedSample("Accounts of the sample network stay apart from real ones.")


def _take_over(account: Account, person: Person) -> None:
    """Move an account that nobody holds to the person; raises AlreadyLinked otherwise."""
    before = account.person
    if account.status == Account.Status.LINKED:
        raise AlreadyLinked("This account is already linked to another profile.")
    if account.status == Account.Status.UNLINKED:
        # What was counted while another held it is theirs and stays out of sight.
        history.erase_history(account.pk)
        account.refresh_from_db()
        account.person = person
        account.save(update_fields=["person"])
        return
    account.person = person
    account.save(update_fields=["person"])
    if before.owner_id is None and not before.accounts.exists():
        erasure.erase(before)


def _kind(account: Account, proof: Proof) -> Credential.Kind:
    if proof.secret:
        return Credential.Kind.TOKEN
    if registry.network(account.network).auth is AuthKind.PROOF_CODE:
        return Credential.Kind.PROOF_CODE
    return Credential.Kind.NONE


def _keep_credential(account: Account, proof: Proof) -> None:
    Credential.objects.update_or_create(
        account=account,
        defaults={
            "kind": _kind(account, proof),
            "secret": crypto.encrypt_secret(proof.secret),
            "scopes": proof.scopes[:500],
            "expires_at": proof.expires_at,
        },
    )


def queue_sync(account: Account) -> FetchState:
    """Return the account's fetch of the last ended day, waiting, due at once."""
    now = timezone.now()
    fetch, _ = FetchState.objects.update_or_create(
        account=account,
        day=due_day(now),
        defaults={
            "status": FetchState.Status.QUEUED,
            "attempts": 0,
            "next_attempt_at": now,
            "error": "",
            "error_detail": "",
        },
    )
    return fetch


def unlink(account: Account, *, erase_history: bool, tell: bool = True) -> None:
    """Delete the credential at once, tell the network, and, if asked, erase what was fetched.

    The network is told last and as well as it goes: without the credential nothing can be read,
    whatever it answers. `tell` is False where it was the network that told us.
    """
    with transaction.atomic():
        kept_pages.drop_soon([account.person_id])
        credential = Credential.objects.filter(account=account).first()
        encrypted = bytes(credential.secret) if credential is not None else b""
        Credential.objects.filter(account=account).delete()
        consent.record(
            f"link:{account.network}", given=False, user=account.person.owner, person=account.person
        )
        if erase_history:
            history.erase_history(account.pk)
            account.delete()
        else:
            FetchState.objects.filter(account=account).exclude(
                status=FetchState.Status.DONE
            ).delete()
            Account.objects.filter(pk=account.pk).update(
                status=Account.Status.UNLINKED, state_detail="", resume_at=None
            )
    if tell and not _shares_access(account.network, account.granted_by):
        _revoke(account.network, account.server, encrypted)
    log.info("account_unlinked network=%s", account.network)


def _shares_access(network_id: str, granted_by: str) -> bool:
    """Return whether another linked account rests on the same yes, which ends as a whole."""
    return bool(granted_by) and (
        Account.objects.filter(
            network=network_id, granted_by=granted_by, status=Account.Status.LINKED
        ).exists()
    )


def _revoke(network_id: str, server: str, encrypted: bytes) -> None:
    if not encrypted:
        return
    try:
        secret = crypto.decrypt_secret(encrypted)
        app = server_apps.app_for(network_id, server)
        with client_for(registry.network(network_id), server=server) as client:
            server_apps.oauth_module(network_id).revoke(
                client, secret=secret, server=server, app=app
            )
    except (ConnectorError, KeyError) as error:
        log.info("revoke_failed network=%s error=%s", network_id, type(error).__name__)
