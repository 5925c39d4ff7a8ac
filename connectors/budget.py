"""Requests that all workers together may send to a network, counted in Redis."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import redis
from django.conf import settings
from limits import RateLimitItemPerSecond
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from connectors.errors import RateLimited, Retry
from connectors.types import Network

# Redis answers in under a millisecond; a worker that waits longer has lost it.
_TIMEOUT_SECONDS = 3


@lru_cache(maxsize=4)
def _storage(url: str) -> RedisStorage:
    pool = redis.ConnectionPool.from_url(
        url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS
    )
    return RedisStorage("redis://", connection_pool=pool, key_prefix="budget")


def budget_key(network: Network, *, server: str = "", credential_id: int | None = None) -> str:
    """Return the name of the purse that a request is paid from.

    Reads without a credential share the network's (or host's) purse.
    """
    if network.budget.per == "host":
        return f"{network.id}/host/{server.lower()}"
    if network.budget.per == "credential" and credential_id is not None:
        return f"{network.id}/credential/{credential_id}"
    return network.id


def spender(
    network: Network, *, server: str = "", credential_id: int | None = None
) -> Callable[[int], None]:
    """Return the function that a client calls before each request.

    It raises RateLimited with the time at which the window has moved on, and Retry where Redis
    cannot be reached: without the shared count nothing is sent.
    """
    key = budget_key(network, server=server, credential_id=credential_id)
    budget = network.budget
    if network.budget_with_key is not None and settings.NETWORK_KEYS.get(network.id):
        budget = network.budget_with_key
    item = RateLimitItemPerSecond(budget.requests, budget.per_seconds)

    def spend(requests: int) -> None:
        try:
            # Two counters a purse, weighted: as even as a log of each request, at constant size.
            storage = _storage(settings.REDIS_URL)
            if SlidingWindowCounterRateLimiter(storage).hit(item, key, cost=requests):
                return
            *_, current_ends_in_seconds = storage.get_sliding_window(
                item.key_for(key), item.get_expiry()
            )
        except redis.RedisError:
            raise Retry(
                "The shared count of requests cannot be reached.", network=network.id
            ) from None
        # Not the moment at which one request is free: a fetch that starts then stops again at once.
        wait_seconds = min(max(current_ends_in_seconds, 1.0), budget.per_seconds)
        raise RateLimited(
            f"As many requests as {network.name} allows were sent.",
            resume_at=datetime.now(UTC) + timedelta(seconds=wait_seconds),
            network=network.id,
        )

    return spend
