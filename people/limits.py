"""Limits on what one address may ask in an hour; counted in the cache, never in the logs."""

import hmac
from hashlib import sha256

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def address_key(request: HttpRequest) -> str:
    """Return a keyed hash of the visitor's address (an IPv6 one cut to its /64).

    The address itself is never stored; X-Forwarded-For counts only where TRUST_PROXY says so.
    """
    address = get_ip(request) or ""
    return hmac.new(settings.OPT_OUT_KEY.encode(), address.encode(), sha256).hexdigest()[:32]


def within_limit(request: HttpRequest, action: str, *, limit: int, per_seconds: int) -> bool:
    """Count this request; return whether the address stays within `limit` per window."""
    return counted_within(f"limit:{action}:{address_key(request)}", limit, per_seconds)


def counted_within(key: str, limit: int, per_seconds: int) -> bool:
    """Count one under a key; return whether it stays within `limit` per window."""
    cache.add(key, 0, timeout=per_seconds)
    try:
        return cache.incr(key) <= limit
    except ValueError:
        # The window ended between the two calls: this request is the first of the next.
        cache.set(key, 1, timeout=per_seconds)
        return True
