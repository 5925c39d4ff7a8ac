"""Proof of ownership by a code in the text of a profile, where a network has no sign-in for it.

Nothing is stored: a code follows, under a key, from who asks, the account and the day. So it is
of no use to anybody else or for another account, and ends by itself.
"""

import hmac
from datetime import date, datetime, timedelta

from django.utils.crypto import salted_hmac

from connectors import checks, registry
from connectors.clients import client_for
from connectors.oauth import LinkRefused, Proof
from connectors.types import AccountRef

# A code of today or yesterday counts: nobody has to hurry at midnight, and none lasts 48 hours.
GOOD_FOR_DAYS = 2
_SIGNS = 16


def code_for(person_id: int, network_id: str, account: AccountRef, day: date) -> str:
    """Return the code by which that person shows, on that UTC day, that the account is theirs."""
    message = "\0".join(
        (str(person_id), network_id, account.server, account.native_id, account.handle, str(day))
    )
    digest = salted_hmac("connectors.proof_codes", message, algorithm="sha256").hexdigest()
    return f"klout-link-{digest[:_SIGNS]}"


def prove(person_id: int, network_id: str, account: AccountRef, now: datetime) -> Proof:
    """Return the proof where the profile's text holds the person's code; asks one profile.

    Raises LinkRefused ("code") where it does not, and the words of connectors.errors.
    """
    module = registry.connector(network_id)
    with client_for(module.NETWORK, server=account.server, person_id=person_id) as client:
        profile = module.fetch_profile(client, account)
    checks.check_profile(module.NETWORK, profile)
    today = now.date()
    codes = (
        code_for(person_id, network_id, account, today - timedelta(days=back))
        for back in range(GOOD_FOR_DAYS)
    )
    if not any(_holds(profile.bio, code) for code in codes):
        raise LinkRefused("The profile does not hold the code.", reason="code", network=network_id)
    return Proof(profile=profile, server=account.server)


def _holds(text: str, code: str) -> bool:
    """Return whether the code is a word of the text; compared in constant time."""
    at = text.find("klout-link-")
    while at >= 0:
        found = text[at : at + len(code)]
        after = text[at + len(code) : at + len(code) + 1]
        same = hmac.compare_digest(found.encode(errors="replace"), code.encode())
        if same and not (after.isascii() and after.isalnum()):
            return True
        at = text.find("klout-link-", at + 1)
    return False
