"""Search as one types among generated people: what each of many questions takes."""

import io
import random
import time
from collections.abc import Callable, Iterator
from datetime import date

from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from connectors.partitions import ensure_days
from klout.bench.measure import Goal, Result, processor_seconds, session_process
from scoring import search

DAY = date(2026, 3, 1)
SEED = 7
FIRST_NAMES, LAST_NAMES = 4_000, 40_000
QUESTIONS = 60
SYLLABLES = (
    *("an", "bo", "ka", "ri", "mar", "le", "na", "so", "fi", "tor", "ell", "us", "ma", "jo", "han"),
    *("ne", "vi", "sen", "berg", "lund", "da", "el", "ra", "mi", "ta", "gre", "te", "ol", "av"),
)
GOAL_SECONDS = 0.05


def one_million(people_count: int) -> Iterator[Result]:
    """Yield, for each way of typing, the 95th percentile of a search among so many people."""
    chance = random.Random(SEED)  # noqa: S311 - the same people each time
    first, last = _names(chance, FIRST_NAMES, 2, 3), _names(chance, LAST_NAMES, 3, 4)
    _fill(people_count, chance, first, last)
    people = [(_common(chance, first), _common(chance, last)) for _ in range(QUESTIONS)]
    kinds = {
        "two letters": [name[:2] for name, _ in people],
        "three letters": [family[:3] for _, family in people],
        "four letters": [family[:4] for _, family in people],
        "a first name": [name for name, _ in people],
        "a whole name": [f"{name} {family}" for name, family in people],
        "a name with a typo": [f"{name} {_typo(chance, family)}" for name, family in people],
        "a first name with a typo": [_typo(chance, name) for name, _ in people],
        "nobody's name": [f"qx{family}" for _, family in people],
    }
    search.search("warm up")
    for kind, texts in kinds.items():
        yield _measured(kind, texts, people_count, search.search)
    with override_settings(ALLOWED_HOSTS=["*"]):
        client = Client()
        yield _measured(
            "the page of results, a whole name",
            kinds["a whole name"],
            people_count,
            lambda text: client.get("/lookup/search/", {"q": text}),
        )


def _measured(
    kind: str, texts: list[str], people_count: int, ask: Callable[[str], object]
) -> Result:
    session = session_process()
    times, used = [], []
    for text in texts:
        begun, before = time.perf_counter(), processor_seconds(session)
        ask(text)
        used.append(processor_seconds(session) - before)
        times.append(time.perf_counter() - begun)
    times.sort()
    used.sort()
    place = int(len(times) * 0.95)
    p50, p95 = times[len(times) // 2], times[place]
    return Result(
        "searching",
        f"{kind}, among {people_count:,} people",
        [p95],
        [GOAL_SECONDS],
        goal=Goal.AT_MOST,
        limit=1.0,
        against=(
            f"50 ms; p50 {1000 * p50:.1f} ms, p95 {1000 * p95:.1f} ms of {len(texts)}, "
            f"p95 of the processor time {1000 * used[place]:.1f} ms"
        ),
    )


def _names(chance: random.Random, count: int, least: int, most: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        syllables = (chance.choice(SYLLABLES) for _ in range(chance.randint(least, most)))
        found["".join(syllables)] = None
    return list(found)


def _common(chance: random.Random, names: list[str]) -> str:
    """Return a name; a few are very common, as among people."""
    return names[int(len(names) * chance.random() ** 3)]


def _typo(chance: random.Random, word: str) -> str:
    place = chance.randrange(1, len(word) - 1)
    before, sign, after = word[:place], word[place], word[place + 1 :]
    return chance.choice(
        (before + after, before + after[0] + sign + after[1:], before + "z" + after)
    )


def _fill(people_count: int, chance: random.Random, first: list[str], last: list[str]) -> None:
    """Load people, accounts and scores by COPY, and their entries as the migration does."""
    rows: dict[str, io.StringIO] = {name: io.StringIO() for name in ("person", "account", "score")}
    for n in range(1, people_count + 1):
        name, family = _common(chance, first), _common(chance, last)
        handle = (
            f"{name}.{family}",
            f"{name}{chance.randrange(9_999)}",
            f"{name[0]}{family}{n % 97}",
            f"{family}_{name}",
        )[n % 4]
        shown = f"{name.title()} {family.title()}"
        rows["person"].write(f"{n}\tperson-{n}\t{shown}\tperson\tpublic\tlooked_up\t2026-01-01\n")
        rows["account"].write(
            f"{n}\tmastodon\t{n}\tmastodon.social\t{handle}@mastodon.social\t{shown}\t\topen\tok\t"
            "\t2026-01-01\n"
        )
        value = 1 + 99 * chance.random() ** 4
        rows["score"].write(
            f"{DAY}\t{n}\tbench\t{value:.4f}\t{value:.4f}\t{value:.4f}\tf\t1\tt\t1\n"
        )
    ensure_days(["scoring_score"], [DAY])
    tables = {
        "person": ("people_person", "id, slug, name, kind, visibility, origin, created_at"),
        "account": (
            "connectors_account",
            (
                "person_id, network, native_id, server, handle, name, url, status, state,"
                " state_detail, added_at"
            ),
        ),
        "score": (
            "scoring_score",
            (
                "day, person_id, model_version, value, low, high, provisional, mass, shown,"
                " trust_class"
            ),
        ),
    }
    with connection.cursor() as cursor:
        # The rows are made at once below, by the same functions.
        for table in ("people_person", "connectors_account"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for name, (table, columns) in tables.items():
            rows[name].seek(0)
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", rows[name])
        cursor.execute("ANALYZE people_person, connectors_account, scoring_score")
        cursor.execute(
            "INSERT INTO scoring_searchentry (person_id, entry, points)"
            " SELECT p.id, e.entry, scoring_search_points(p.id)"
            " FROM people_person p, scoring_search_entries(p.id) AS e"
        )
        for table in ("people_person", "connectors_account"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    search.renew_all(DAY)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE scoring_searchentry, scoring_searchword")


def disk_needed_mib(people_count: int) -> int:
    """Return about how much disk the part needs, MiB."""
    return people_count * 2 // 1024
