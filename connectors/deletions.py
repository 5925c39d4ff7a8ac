"""What a network calls us back with: somebody took the access back there, or wants all erased."""

import hmac
import logging
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from connectors import history, linking, registry
from connectors.models import Account, DeletionRequest, Reactor
from connectors.oauth.signed_requests import SLACK, SignedRequest, opened

log = logging.getLogger(__name__)

# How long the page of a request tells that it was done.
TOLD_FOR = timedelta(days=90)


def deauthorised(network_id: str, text: str, now: datetime) -> bool:
    """Unlink what rests on an access that was taken back; False for what the network never signed.

    What was read stays with its person, as when they unlink it here.
    """
    asked = _opened(network_id, text, now)
    if asked is None:
        return False
    accounts = _accounts(network_id, asked).filter(status=Account.Status.LINKED)
    for account in accounts:
        linking.unlink(account, erase_history=False, tell=False)
    log.info("access_taken_back network=%s accounts=%s", network_id, len(accounts))
    return True


def erased(network_id: str, text: str, now: datetime) -> str | None:
    """Erase what was read by an access; return the code of the request's page.

    None for what the network never signed. The same request again changes nothing, and accounts
    that were linked after it was made are another matter.
    """
    asked = _opened(network_id, text, now)
    if asked is None:
        return None
    code = code_of(network_id, text)
    with transaction.atomic():
        DeletionRequest.objects.get_or_create(
            code=code, defaults={"network": network_id, "received_at": now}
        )
        accounts = list(_accounts(network_id, asked))
        for account in accounts:
            _erase(account)
        DeletionRequest.objects.filter(code=code, finished_at=None).update(finished_at=now)
    log.info("erased_as_asked network=%s accounts=%s", network_id, len(accounts))
    return code


def code_of(network_id: str, text: str) -> str:
    """Return the code of a request: the same for the same request, and not to be guessed."""
    message = f"deletion\0{network_id}\0{text}".encode()
    digest = hmac.new(settings.OPT_OUT_KEY.encode(), message, sha256).digest()
    return urlsafe_b64encode(digest[:24]).decode()


def request_of(code: str) -> DeletionRequest | None:
    """Return the request behind a code. One query."""
    return DeletionRequest.objects.filter(code=code).first()


def expire(now: datetime) -> int:
    """Remove requests whose page has been there long enough; return how many."""
    return DeletionRequest.objects.filter(received_at__lte=now - TOLD_FOR).delete()[0]


def _opened(network_id: str, text: str, now: datetime) -> SignedRequest | None:
    _, secret = settings.NETWORK_APPS.get(network_id, ("", ""))
    return opened(text, secret, now)


def _accounts(network_id: str, asked: SignedRequest) -> QuerySet[Account]:
    """Return the accounts that rest on the access, but for those linked after the request."""
    whose = Q(granted_by=asked.user_id) | Q(native_id=asked.user_id)
    before = Q(linked_at=None) | Q(linked_at__lte=asked.issued_at + SLACK)
    rows = Account.objects.select_related("person__owner").filter(whose, before, network=network_id)
    return rows.order_by("pk")


def _erase(account: Account) -> None:
    names = [account.native_id]
    if registry.network(account.network).reactors_by_name:
        names.append(account.handle.lower())
    if account.status == Account.Status.LINKED:
        linking.unlink(account, erase_history=True, tell=False)
    else:
        history.erase_history(account.pk)
        account.delete()
    # Where the account acted on others, the reaction then names nobody.
    Reactor.objects.filter(network=account.network, native_id__in=names).delete()
