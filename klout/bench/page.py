"""docs/benchmarks.md, written from results."""

import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from klout.bench.measure import Goal, Result, cores

HEAD = """\
# Benchmarks

Written by `make bench` (`manage.py bench --write`). Every number is a ratio of two ways of one job,
measured in turns, in one run, on one machine: a busy or slow machine changes the seconds, hardly
the ratios. A ratio is the median over the rounds; *speed* is the share of the yardstick's speed
(1: as fast), *time* how many times as long. The yardstick of each row is in its last column.

"""
TITLES = {
    "roll-up": "Roll-up of a day's interactions",
    "scores": "Scores of a day",
    "history": "A day after a longer history",
    "storing": "Storing what was fetched",
    "syncing": "Syncs of whole accounts",
    "searching": "Search as one types",
    "topics": "Topics of posts",
    "engines": "Other ways of the same roll-up",
    "perks": "Counting who qualifies for a perk",
    "pages": "Pages",
}
# What is to be known of a part before its numbers.
NOTES = {
    "pages": """\
The bare view makes one query and answers with one line; it goes through the same middleware as a
page, with the same visitor, and both are asked in turns. Compared is the processor time of the
process, its database session and its cache, which a busy machine hardly changes. *Without the
cache* is a page of a person that is written anew: its first view after something has changed.

""",
}


def machine() -> str:
    """Return what the numbers were measured on, without names or paths."""
    memory = _memory_gib()
    packages = ("duckdb", "ibis-framework", "pandas", "pyarrow", "numpy", "pyspark")
    found = ", ".join(f"{name} {_version(name)}" for name in packages)
    return (
        f"Measured on {cores()} cores ({platform.machine()}) with {memory} GiB of memory, "
        f"{platform.system()}, Python {platform.python_version()}; {found}.\n"
    )


def page(results: Sequence[Result], facts: str) -> str:
    """Return the whole page."""
    parts = [HEAD, facts]
    for part, title in TITLES.items():
        rows = [result for result in results if result.part == part]
        if rows:
            parts += [f"\n## {title}\n\n", NOTES.get(part, ""), table(rows)]
    return "".join(parts)


def table(rows: Sequence[Result]) -> str:
    """Return one table in Markdown."""
    lines = [
        "| What | Seconds | Rows a second | Ratio | Goal | Memory | Against |\n",
        "| --- | ---: | ---: | ---: | --- | ---: | --- |\n",
    ]
    return "".join(lines + [line(row) for row in rows])


def line(row: Result) -> str:
    """Return one row of a table."""
    speed = f"{row.rows / row.seconds:,.0f}" if row.rows else ""
    kind = "time" if row.goal is Goal.AT_MOST else "speed"
    ratio = "" if row.ratio is None else f"{kind} {row.ratio:.2f}"
    goal = ""
    if row.goal is not None and row.limit:
        goal = f"{row.goal.value} {row.limit:g}: {'met' if row.is_met else '**missed**'}"
    memory = f"{row.peak_mib:,} MiB" if row.peak_mib else ""
    return (
        f"| {row.what} | {_seconds(row.seconds)} | {speed} | {ratio} | {goal} | {memory} "
        f"| {row.against} |\n"
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f}" if seconds >= 0.1 else f"{seconds:.4f}"


def _memory_gib() -> int:
    for entry in Path("/proc/meminfo").read_text().splitlines():
        if entry.startswith("MemTotal:"):
            return round(int(entry.split()[1]) / 1024**2)
    return 0


def _version(package: str) -> str:
    try:
        return version(package)
    except ModuleNotFoundError:
        return "not installed"
