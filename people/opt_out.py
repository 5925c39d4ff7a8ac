"""Accounts that must not be shown or fetched, kept as keyed hashes: their names are not stored."""

import hmac
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from people.models import OptOut

# Long enough to prove that the account is one's own; short enough that nobody is
# silenced by a stranger for good.
UNPROVEN_DAYS = 30


def normalised(name: str) -> str:
    """Return a native id or handle as it is hashed: without the first @, spaces and case."""
    return unicodedata.normalize("NFKC", name).strip().removeprefix("@").casefold()


def key_hash(network: str, name: str) -> str:
    """Return the HMAC-SHA-256 under OPT_OUT_KEY of the network and the normalised name."""
    message = f"{network}\0{normalised(name)}".encode()
    return hmac.new(settings.OPT_OUT_KEY.encode(), message, sha256).hexdigest()


def _hashes(network: str, names: Iterable[str]) -> list[str]:
    return sorted({key_hash(network, name) for name in names if normalised(name)})


def _in_force() -> Q:
    return Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())


def is_opted_out(network: str, *names: str) -> bool:
    """Return whether one of the account's names (native id, handle) is opted out. One query."""
    hashes = _hashes(network, names)
    return (
        bool(hashes)
        and OptOut.objects.filter(_in_force(), network=network, key_hash__in=hashes).exists()
    )


def opted_out_of(network: str, names: Iterable[str]) -> set[str]:
    """Return those of many names that are opted out, as they were given. One query."""
    return {name for _, name in opted_out_among((network, name) for name in names)}


def opted_out_among(names: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return those of many (network, name) that are opted out, as they were given.

    One query; none without names.
    """
    by_hash: dict[str, list[tuple[str, str]]] = {}
    for network, name in names:
        by_hash.setdefault(key_hash(network, name), []).append((network, name))
    if not by_hash:
        return set()
    # A hash holds its network; the column is there for the index.
    networks = {network for same in by_hash.values() for network, _ in same}
    found = OptOut.objects.filter(
        _in_force(), network__in=networks, key_hash__in=list(by_hash)
    ).values_list("key_hash", flat=True)
    return {name for found_hash in found for name in by_hash[found_hash]}


def opt_out(network: str, names: Iterable[str], *, proven: bool) -> None:
    """Opt the account out by all its names: for good where proven, else for 30 days from now.

    What was proven is never weakened by a later removal without proof.
    """
    expires_at = None if proven else timezone.now() + timedelta(days=UNPROVEN_DAYS)
    for hashed in _hashes(network, names):
        row, created = OptOut.objects.get_or_create(
            network=network, key_hash=hashed, defaults={"expires_at": expires_at}
        )
        if not created and row.expires_at is not None:
            OptOut.objects.filter(pk=row.pk, expires_at__isnull=False).update(expires_at=expires_at)


def lift(network: str, names: Iterable[str]) -> int:
    """Take the opt-out of a proven owner back; return how many rows went."""
    deleted, _ = OptOut.objects.filter(
        network=network, key_hash__in=_hashes(network, names)
    ).delete()
    return deleted


def expire() -> int:
    """Remove unproven opt-outs whose 30 days are over; return how many."""
    deleted, _ = OptOut.objects.filter(expires_at__lte=timezone.now()).delete()
    return deleted
