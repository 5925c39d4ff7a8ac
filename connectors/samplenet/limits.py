"""Rate limits and injected faults: how the network makes its callers' lives hard."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

MODES = ("broken_json", "slow", "huge", "half")
# Callers remembered at most; the one unseen for longest is forgotten first.
_CALLERS = 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller has left."""

    limit: int
    remaining: int
    # Seconds until the bucket is full again, and until the next request may come (0: now).
    full_in_seconds: int
    wait_seconds: int


class Buckets:
    """A token bucket per caller: `per_minute` requests, refilled evenly."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._filled: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, caller: str) -> Allowance:
        """Return what the caller has left after this request; wait_seconds > 0 refuses it."""
        now, rate = self._clock(), self._per_minute / 60
        with self._lock:
            left, seen = self._filled.pop(caller, (float(self._per_minute), now))
            left = min(left + (now - seen) * rate, float(self._per_minute))
            refused = left < 1
            if not refused:
                left -= 1
            self._filled[caller] = (left, now)
            if len(self._filled) > _CALLERS:
                self._filled.popitem(last=False)
        return Allowance(
            self._per_minute,
            int(left),
            int((self._per_minute - left) / rate) + 1,
            int((1 - left) / rate) + 1 if refused else 0,
        )


@dataclass(slots=True)
class Fault:
    """What goes wrong with the requests below a path, and how many times more."""

    match: str
    status: int
    mode: str
    times: int
    retry_after: int
    seconds: float

    def meets(self, path: str, with_query: str) -> bool:
        """Return whether the request is at or below the path (or has exactly that query)."""
        if "?" in self.match:
            return with_query == self.match
        return path == self.match or path.startswith(self.match.rstrip("/") + "/")


class Faults:
    """The faults waiting to happen, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = Lock()

    def add(self, fault: Fault) -> None:
        """Let the fault happen to the next requests that it meets."""
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        with self._lock:
            self._waiting.clear()

    def next(self, path: str, with_query: str) -> Fault | None:
        """Return the fault that happens to this request, if one does."""
        with self._lock:
            for fault in self._waiting:
                if fault.meets(path, with_query):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                    return fault
        return None
