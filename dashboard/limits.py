"""How often people may look others up: by hour and address, and at once by target host."""

import time
from collections.abc import Iterable

import redis
from django.conf import settings
from django.http import HttpRequest

from people.limits import within_limit

AN_HOUR_SECONDS = 3600
# A search as one types asks some five times; more than a hundred names an hour is a harvest.
SEARCHES_PER_HOUR = 600
# Who is signed in may look up so many times more than a stranger.
SIGNED_IN_FACTOR = 10
STRANGERS_PER_HOST = 2
SIGNED_IN_PER_HOST = 8
# A look-up whose end nobody saw gives its place free after this time.
PLACE_SECONDS = 900

# KEYS[1]: the host's running look-ups, scored by when they lose their place.
# ARGV: now, the new one's end, most at once, the new one, the finished ones …
_TAKE = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
for i = 5, #ARGV do redis.call('ZREM', KEYS[1], ARGV[i]) end
if redis.call('ZSCORE', KEYS[1], ARGV[4]) then return 1 end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[4])
redis.call('EXPIREAT', KEYS[1], math.ceil(tonumber(ARGV[2])))
return 1
"""


def may_look_up(request: HttpRequest) -> bool:
    """Count a look-up of the visitor's address; return whether it is within the hour's number."""
    if request.user.is_authenticated:
        return within_limit(
            request,
            "lookup-signed-in",
            limit=SIGNED_IN_FACTOR * settings.LOOKUPS_PER_HOUR,
            per_seconds=AN_HOUR_SECONDS,
        )
    return within_limit(
        request, "lookup", limit=settings.LOOKUPS_PER_HOUR, per_seconds=AN_HOUR_SECONDS
    )


def may_search(request: HttpRequest) -> bool:
    """Count a search of the visitor's address; return whether it is within the hour's number."""
    signed_in = request.user.is_authenticated
    return within_limit(
        request,
        "search-signed-in" if signed_in else "search",
        limit=SEARCHES_PER_HOUR * (SIGNED_IN_FACTOR if signed_in else 1),
        per_seconds=AN_HOUR_SECONDS,
    )


def _key(host: str) -> str:
    return f"klout:lookups-at:{host}"


def running_at(host: str) -> list[str]:
    """Return the look-ups that hold a place at the host."""
    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as broker:
        held: list[str] = broker.zrange(_key(host), 0, -1)
    return held


def take_place(host: str, lookup_id: str, *, signed_in: bool, finished: Iterable[str]) -> bool:
    """Take a place at the host for a look-up in one atomic step, after the finished ones left.

    True where it has one already; False: as many as allowed are under way there.
    """
    now = time.time()
    most = SIGNED_IN_PER_HOST if signed_in else STRANGERS_PER_HOST
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        taken = broker.eval(
            _TAKE, 1, _key(host), now, now + PLACE_SECONDS, most, lookup_id, *finished
        )
    return bool(taken)
