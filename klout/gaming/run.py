"""Two runs over the same people, seed and days, one of them with the attacks, and what was gained.

1. Servers: the sample network and an invented fediverse, told what happens on them.
2. A process with a database of its own syncs every account over HTTP and scores every day.
3. The same without the attacks; the differences are the gains.
"""

import base64
import os
import secrets
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from klout.gaming import servers
from klout.gaming.database import databases
from klout.gaming.servers import SampleServer
from klout.gaming.world import Job
from scoring.gaming import attacks, measures, report, towns
from scoring.gaming.attacks import ATTACKS, Acts, Attack, Followers, Scene, SeenPost, Unnamed
from scoring.gaming.fediverse import host_of
from scoring.gaming.observed import Observed
from scoring.gaming.report import Attacked, Gain
from scoring.gaming.targets import ORDINARY, Target

Say = Callable[[str], None]
# Acts in one request: some megabytes.
ACTS_A_REQUEST = 100_000


class GamingFailed(RuntimeError):
    """The benchmark could not be run; the text says where it stopped."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a run is."""

    people: int
    days: int
    attack_days: int
    quick: bool


FULL = Size(people=400, days=70, attack_days=28, quick=False)
QUICK = Size(people=260, days=50, attack_days=21, quick=True)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a benchmark came to."""

    gains: list[Gain]
    calm_count: int
    calm_moved: float
    first: date
    last: date


def present(now: datetime) -> datetime:
    """Return when the runs take place: the last Monday, half an hour after midnight.

    The same weekdays whenever it is run, so that the same people post on the same days.
    """
    monday = now.astimezone(UTC).date() - timedelta(days=now.astimezone(UTC).weekday())
    return datetime.combine(monday, datetime.min.time(), UTC) + timedelta(minutes=30)


def run(size: Size, *, seed: int, now: datetime, say: Say) -> Measured:
    """Return what each attack gained."""
    moment = present(now)
    plan = _Plan(size, seed, moment)
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="klout-gaming-")))
        # PostgreSQL may run as another user, who must be able to pass.
        place.chmod(0o711)
        say("preparing databases …")
        made = stack.enter_context(databases(settings.DATABASE_URL, place))
        broker_url = stack.enter_context(servers.own_broker(place))
        common = _environment(place, broker_url)
        base = made.create()
        _manage("migrate", "--verbosity", "0", environment={**common, "DATABASE_URL": base})
        found = {}
        for attacked in (False, True):
            say("with the attacks …" if attacked else "without the attacks …")
            environment = {**common, "DATABASE_URL": made.create(base)}
            found[attacked] = _run(plan, place, environment, attacked=attacked)
    return _measured(plan, found[False], found[True])


class _Plan:
    """What holds in both runs."""

    def __init__(self, size: Size, seed: int, now: datetime) -> None:
        self.size, self.seed, self.now = size, seed, now
        self.first = now.date() - timedelta(days=size.days - 1)
        self.last = now.date() - timedelta(days=1)
        # Today is a day of the network too, but has not ended.
        self.attack_from = self.last - timedelta(days=size.attack_days - 1)
        self.targets = attacks.placed(ATTACKS, size.people, quick=size.quick)
        lowest = min(account for target in self.targets for account in target.accounts)
        self.friends = tuple(range(lowest - attacks.FRIENDS, lowest))

    def of(self, attack: Attack) -> list[Target]:
        return [target for target in self.targets if target.attack == attack.word]

    def fediverse(self, *, attacked: bool) -> towns.Fediverse:
        start = datetime.combine(self.first, datetime.min.time(), UTC)
        days = (self.last - self.first).days + 1
        begin = (self.attack_from - self.first).days
        levels = towns.TOWN_LEVELS[: -1 if self.size.quick else None]
        return towns.fediverse(start, days, begin, attacked=attacked, levels=levels)

    @property
    def first_day(self) -> int:
        """The first day of the attacks, counted from the first one scored."""
        return (self.attack_from - self.first).days


# --- A run --------------------------------------------------------------------------------------
def _run(plan: _Plan, place: Path, environment: Mapping[str, str], *, attacked: bool) -> Observed:
    size = plan.size
    told = plan.fediverse(attacked=attacked)
    into = place / f"{'attacked' if attacked else 'control'}.npz"
    with (
        servers.sample_network(
            people=size.people, days=size.days, seed=plan.seed, now=plan.now
        ) as sample,
        servers.fediverse(told.told(), place) as port,
    ):
        _make_targets(sample, plan)
        if attacked:
            _attack(sample, plan)
        hosts = {host_of(c.server, port) for c in told.citizens()}
        job = _job(plan, told, port, attacked=attacked)
        _manage(
            *("play_attacks", "--into", str(into)),
            environment={
                **environment,
                "SAMPLE_NETWORK_URL": sample.url,
                "SAMPLE_CLIENT_SECRET": sample.client_secret,
                # The honest ones; a run's others are as unknown as any new server.
                "KNOWN_SERVERS": ",".join(host_of(n, port) for n in towns.HONEST),
                "LOCAL_ORIGINS": ",".join([sample.url, *sorted(f"http://{h}" for h in hosts)]),
            },
            given=job.to_json(),
        )
    return Observed.load(into)


def _job(plan: _Plan, told: towns.Fediverse, port: int, *, attacked: bool) -> Job:
    people = {
        f"{lone.attack}:{lone.level}": [
            f"@{citizen.name}@{host_of(citizen.server, port)}"
            for citizen in (lone.account, *lone.linked)
        ]
        for lone in told.people
    } | {
        f"bystander:{citizen.key}": [f"@{citizen.name}@{host_of(citizen.server, port)}"]
        for citizen in told.others
    }
    several = [target for target in plan.targets if target.others]
    return Job(
        now=plan.now.isoformat(),
        first=plan.first.isoformat(),
        last=plan.last.isoformat(),
        attack_from=plan.attack_from.isoformat(),
        linked=[[str(n) for n in target.accounts] for target in several] if attacked else [],
        archives=[str(t.account) for t in plan.of(attacks.ARCHIVE)] if attacked else [],
        trading=_trading(plan) if attacked else [],
        fediverse=people,
        left_out=[str(other) for target in several for other in target.others],
    )


def _trading(plan: _Plan) -> list[list[str]]:
    """Return the accounts of each level that trade +K."""
    traders = plan.of(attacks.PLUS_K_RING)
    words = dict.fromkeys(target.level.word for target in traders)
    return [[str(t.account) for t in traders if t.level.word == word] for word in words]


def _make_targets(sample: SampleServer, plan: _Plan) -> None:
    """Make the attacked people, and friends on whom those of groups act in both runs."""
    traits = {target.account: dict(target.level.traits) for target in plan.targets}
    # Further accounts of a person bring nobody new: who reacts to them is told by the attack.
    others = {n: {**t.level.traits, "per_post": 0.0} for t in plan.targets for n in t.others}
    friends = {friend: dict(ORDINARY.traits) for friend in plan.friends}
    made = {**traits, **others, **friends}
    sample.post("/control/traits", [{"account": n, "traits": made[n]} for n in made])
    # What happens to them shall not reach others through what they do.
    sample.post("/control/silent", list(made))
    start = datetime.combine(plan.first, datetime.min.time(), UTC)
    in_groups = {attack.word for attack in ATTACKS if attack.people > 1}
    members = [target.account for target in plan.targets if target.attack in in_groups]
    posts = {friend: _posts(sample, friend, start) for friend in plan.friends}
    _deeds(sample, attacks.friendship(posts, members))


def _attack(sample: SampleServer, plan: _Plan) -> None:
    """Let everything happen on the sample network that the attacks consist of."""
    first = datetime.combine(plan.attack_from, datetime.min.time(), UTC)
    for attack in ATTACKS:
        if attack.play is None:
            continue
        targets = plan.of(attack)
        scene = Scene(
            targets,
            {n: _posts(sample, n, first) for target in targets for n in target.accounts},
            {t.account: _reacted(sample, t.account, first) for t in targets if t.others},
            first,
            plan.size.attack_days,
        )
        _deeds(sample, attack.play(scene))


def _posts(sample: SampleServer, account: int, first: datetime) -> list[SeenPost]:
    path = f"/api/v1/accounts/{account}/posts?since={first.date().isoformat()}"
    rows = sample.rows(path, "posts")
    return [SeenPost(row["id"], datetime.fromisoformat(row["created_at"])) for row in rows[::-1]]


def _reacted(sample: SampleServer, account: int, first: datetime) -> dict[datetime, list[int]]:
    path = f"/api/v1/accounts/{account}/interactions?since={first.date().isoformat()}"
    found: dict[datetime, dict[int, None]] = defaultdict(dict)
    for row in sample.rows(path, "interactions"):
        at = datetime.fromisoformat(row["created_at"])
        found[datetime.combine(at.date(), datetime.min.time(), UTC)][int(row["actor"]["id"])] = None
    return {day: list(actors) for day, actors in found.items()}


def _deeds(sample: SampleServer, deeds: Iterator[attacks.Deed]) -> None:
    rows: list[dict[str, Any]] = []
    followers: list[dict[str, Any]] = []
    saves: list[dict[str, Any]] = []
    size = 0
    for deed in deeds:
        if isinstance(deed, Followers):
            row = {"account": deed.account, "day": deed.first.date().isoformat()}
            followers.append({**row, "a_day": deed.a_day, "days": deed.days})
        elif isinstance(deed, Unnamed):
            row = {"account": deed.account, "post_id": deed.post}
            saves.append({**row, "count": deed.saves, "created_at": deed.at.isoformat()})
        else:
            more = deed.crowd.count if deed.crowd else len(deed.actors)
            if rows and size + more > ACTS_A_REQUEST:
                sample.post("/control/crowds", rows)
                rows, size = [], 0
            rows.append(_crowd_row(deed))
            size += more
    for path, told in (("crowds", rows), ("followers", followers), ("saves", saves)):
        if told:
            sample.post(f"/control/{path}", told)


def _crowd_row(deed: Acts) -> dict[str, Any]:
    row: dict[str, Any] = {
        "account": deed.account,
        "kind": deed.kind,
        "post_id": deed.post,
        "created_at": deed.at.isoformat(),
    }
    if deed.crowd is not None:
        return {**row, "crowd": asdict(deed.crowd)}
    return {**row, "actors": list(deed.actors)}


# --- Processes ----------------------------------------------------------------------------------
def _environment(place: Path, broker_url: str) -> dict[str, str]:
    var = place / "var"
    var.mkdir()
    return {
        **os.environ,
        "VAR_DIR": str(var),
        # Servers at loopback addresses are for development.
        "DEBUG": "1",
        "SAMPLE_NETWORK": "1",
        "LOG_LEVEL": "WARNING",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "OPT_OUT_KEY": secrets.token_urlsafe(48),
        "TOKEN_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "REDIS_URL": broker_url,
    }


def _manage(*arguments: str, environment: Mapping[str, str], given: str = "") -> None:
    """Run a command of ours to its end; raise GamingFailed with the end of what it printed."""
    done = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
        env=dict(environment),
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise GamingFailed(f"{arguments[0]} failed:\n{(done.stdout + done.stderr)[-4_000:]}")


# --- Results ------------------------------------------------------------------------------------
def _measured(plan: _Plan, control: Observed, attacked: Observed) -> Measured:
    if not np.array_equal(control.names, attacked.names):
        raise GamingFailed("The two runs have not the same people.")
    rows = _rows(plan)
    touched = {name for row in rows for name in row.names}
    touched |= {f"sample:{friend}" for friend in plan.friends}
    calm = np.array([name not in touched for name in control.names.tolist()], dtype=np.bool_)
    both = measures.in_points(control, attacked, calm)
    return Measured(
        report.gains(rows, both, control, plan.first_day),
        int(calm.sum()),
        report.moved_bystanders(control, attacked, calm),
        plan.attack_from,
        plan.last,
    )


def _rows(plan: _Plan) -> list[Attacked]:
    rows = []
    for attack in ATTACKS:
        by_level: dict[str, list[str]] = {}
        for target in plan.of(attack):
            by_level.setdefault(target.level.word, []).append(f"sample:{target.account}")
        rows += report.rows_of(attack, [(word, tuple(n)) for word, n in by_level.items()])
    for lone in plan.fediverse(attacked=True).people:
        title, attackers, limit = towns.TITLES[lone.attack]
        name = f"{lone.attack}:{lone.level}"
        rows.append(Attacked(lone.attack, title, attackers, lone.level, (name,), limit))
    return rows
