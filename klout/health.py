"""Whether this process lives (`/healthz`), and whether it can serve (`/readyz`)."""

from collections.abc import Callable

import redis
import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = structlog.get_logger(__name__)

# A probe must not hang behind a server that does not answer.
_BROKER_TIMEOUT_SECONDS = 2


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process handles requests; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 where the database and the broker answer, else 503 naming which does not."""
    checks: dict[str, Callable[[], None]] = {"database": _ask_database, "broker": _ask_broker}
    states = {name: _state(name, ask) for name, ask in checks.items()}
    healthy = all(state == "ok" for state in states.values())
    return JsonResponse(states, status=200 if healthy else 503)


def _state(name: str, ask: Callable[[], None]) -> str:
    try:
        ask()
    except (DatabaseError, redis.RedisError, OSError) as error:
        # Addresses and user names stay in the log; the answer is public.
        log.error("not_ready", part=name, error=type(error).__name__)
        return "unavailable"
    return "ok"


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_broker() -> None:
    with redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=_BROKER_TIMEOUT_SECONDS,
        socket_connect_timeout=_BROKER_TIMEOUT_SECONDS,
    ) as broker:
        broker.ping()
