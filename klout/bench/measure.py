"""Times of two ways of one job, taken in turns, and what they come to."""

import json
import os
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from statistics import median

from django.db import connection

STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")


class Goal(StrEnum):
    """On which side of its goal a ratio must be."""

    AT_LEAST = "at least"
    AT_MOST = "at most"


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the page."""

    part: str
    what: str
    # Seconds of each round; `theirs` is the yardstick, empty where there is none.
    ours: list[float]
    theirs: list[float] = field(default_factory=list)
    # Rows of a round, 0 where they are no measure.
    rows: int = 0
    # Yardstick / ours (a share of its speed), or ours / yardstick where `goal` is AT_MOST.
    goal: Goal | None = None
    # 0: the ratio is shown, and no goal is set.
    limit: float = 0.0
    # Most memory that this process had at a moment, MiB; 0 where it was not looked at.
    peak_mib: int = 0
    # What the yardstick is, and what is to be known of the number.
    against: str = ""

    @property
    def seconds(self) -> float:
        """Return the median of our rounds."""
        return median(self.ours)

    @property
    def ratio(self) -> float | None:
        """Return the median of the rounds' ratios: both times of a round saw the same machine."""
        if not self.theirs:
            return None
        pairs = zip(self.ours, self.theirs, strict=True)
        if self.goal is Goal.AT_MOST:
            return median(ours / theirs for ours, theirs in pairs)
        return median(theirs / ours for ours, theirs in pairs)

    @property
    def is_met(self) -> bool | None:
        """Return whether the goal is met; None without a goal."""
        if self.goal is None or self.ratio is None or not self.limit:
            return None
        met = self.ratio <= self.limit if self.goal is Goal.AT_MOST else self.ratio >= self.limit
        return met and self.peak_mib < 4096

    def to_json(self) -> str:
        """Return the row as a line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> "Result":
        """Return the row of a line."""
        values = json.loads(line)
        return cls(**{**values, "goal": Goal(values["goal"]) if values["goal"] else None})


def in_turns(
    rounds: int,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    *,
    is_warmed: bool = True,
) -> tuple[list[float], list[float]]:
    """Return the seconds of each round of both, begun by one and by the other in turn.

    Unless `is_warmed` is False, a first round of each warms files and caches up and is not counted.
    """
    times: tuple[list[float], list[float]] = ([], [])
    jobs = (ours, theirs)
    for number in range(0 if is_warmed else 1, rounds + 1):
        for which in (0, 1) if number % 2 else (1, 0):
            seconds = timed(jobs[which])
            if number:
                times[which].append(seconds)
    return times


def timed(job: Callable[[], object]) -> float:
    """Return how long the job took, seconds."""
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def processor_seconds(*processes: int) -> float:
    """Return the processor time that this process and those of the numbers have used so far.

    Unlike the clock's it hardly knows of what else runs on the machine.
    """
    others = (Path(f"/proc/{number}/schedstat").read_text().split()[0] for number in processes)
    return time.process_time() + sum(int(nanoseconds) for nanoseconds in others) / 1e9


def session_process() -> int:
    """Return the number of the process that answers this one's questions to the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def forget_peak() -> None:
    """Begin anew to watch the memory of this process."""
    CLEAR.write_text("5")


def peak_mib() -> int:
    """Return the most memory that this process had since `forget_peak`, MiB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text())
    assert found is not None
    return int(found[1]) // 1024


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))
