"""Everything on one machine: what `manage.py up` starts, in which order, and with what."""

import os
import pwd
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from signal import Signals

from klout.services import broker, postgres
from klout.services.environment import RUNNING_FILE, own_secrets, write_variables
from klout.services.http import answers
from klout.services.process import Plan
from klout.services.supervisor import Supervisor

DEMO_EMAIL = "demo@example.org"
DATABASE = "klout"
PYTHON = sys.executable


@dataclass(frozen=True, slots=True)
class Options:
    """What `up` was asked for."""

    root: Path
    var: Path
    port: int
    sample_port: int
    sample: bool
    sample_people: int
    sample_days: int
    sample_seed: int

    @property
    def address(self) -> str:
        """Address of the pages."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def sample_address(self) -> str:
        """Address of the sample network."""
        return f"http://127.0.0.1:{self.sample_port}"


def environment(options: Options, given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the services; what is given wins over what is made up here."""
    made = {
        **own_secrets(options.var),
        "DEBUG": "1",
        "SITE_URL": options.address,
        "LOG_LEVEL": "WARNING",
    }
    fixed = {
        "DJANGO_SETTINGS_MODULE": "klout.settings",
        "VAR_DIR": str(options.var),
        "SAMPLE_NETWORK": "1" if options.sample else "0",
        "SAMPLE_NETWORK_URL": options.sample_address,
        # Lines of progress must not wait in a buffer.
        "PYTHONUNBUFFERED": "1",
    }
    # Without its compiled files every process starts three times as slowly.
    kept = {name: value for name, value in given.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**made, **{name: value for name, value in kept.items() if value}, **fixed}


class Machine:
    """Brings the services up one after the other, the pages as early as possible."""

    def __init__(
        self, options: Options, supervisor: Supervisor, say: Callable[[str], None]
    ) -> None:
        self._options = options
        self._supervisor = supervisor
        self._say = say
        self.environment = environment(options, os.environ)

    def bring_up(self) -> None:
        """Start everything; return when the pages answer and the rest is on its way.

        Raises Stopped, or Failed, PostgresFailed, BrokerFailed, MissingProgram, CannotDropRoot.
        """
        self._start_servers()
        running = self._options.var / RUNNING_FILE
        write_variables(running, self._told_to_commands())
        self._say("bringing the tables up to date")
        self._supervisor.run(self._manage("migrate", "migrate", "--noinput", "-v", "0"))
        self._supervisor.start(self._web())
        self._supervisor.wait_for(
            lambda: answers(f"{self._options.address}/healthz"), "The web server"
        )
        if self._options.sample:
            self._supervisor.start(self._sample())
        for plan in (self._worker(), self._beat()):
            self._supervisor.start(plan)
        if self._options.sample:
            # It waits for the sample network by itself, and goes on where it was stopped.
            self._supervisor.start(self._manage("seed", "seed_sample"))

    def clean_up(self) -> None:
        """Remove what only a running installation has."""
        (self._options.var / RUNNING_FILE).unlink(missing_ok=True)

    def _told_to_commands(self) -> dict[str, str]:
        names = (
            *("DATABASE_URL", "REDIS_URL", "DEBUG", "SITE_URL", "SAMPLE_NETWORK"),
            *("SAMPLE_NETWORK_URL", "SECRET_KEY", "OPT_OUT_KEY", "TOKEN_KEYS", "DEMO_PASSWORD"),
        )
        return {name: self.environment[name] for name in names if name in self.environment}

    def _start_servers(self) -> None:
        valkey = started_broker = None
        if not self.environment.get("REDIS_URL"):
            valkey = broker.prepare(self._options.var / "broker")
            started_broker = self._supervisor.start(self._broker(valkey))
            self.environment["REDIS_URL"] = valkey.url()
        outside = ("DATABASE_URL", "DATABASE_URL_FILE")
        if not any(self.environment.get(name) for name in outside):
            self._start_postgres()
        if valkey and started_broker and started_broker.process:
            broker.wait_until_ready(valkey, started_broker.process)

    def _start_postgres(self) -> None:
        data = self._options.var / "postgres"
        if not (data / "PG_VERSION").exists():
            self._say("preparing PostgreSQL")
        server = postgres.prepare(data)
        if server.run_as.how != "same":
            self._say(f"started by root: PostgreSQL runs as {server.run_as.name}")
        service = self._supervisor.start(
            Plan(
                name="postgres",
                command=server.command("shared_buffers=128MB", "max_wal_size=2GB"),
                environment=self.environment,
                folder=Path("/"),
                stop_signal=Signals.SIGINT,
                death_signal=Signals.SIGINT,
                grace_seconds=30,
                run_as=server.run_as,
                leaves_first=False,
            )
        )
        assert service.process is not None
        postgres.wait_until_ready(server, service.process)
        postgres.ensure_database(server, DATABASE)
        self.environment["DATABASE_URL"] = server.url(DATABASE)

    def _broker(self, valkey: broker.Broker) -> Plan:
        return Plan(
            name="broker",
            command=valkey.command(),
            environment=self.environment,
            folder=Path("/"),
            leaves_first=False,
            before_start=lambda: valkey.socket_path.unlink(missing_ok=True),
        )

    def _python(self, name: str, *arguments: str, **changes: object) -> Plan:
        plan: dict[str, object] = {
            "name": name,
            "command": [PYTHON, *arguments],
            "environment": self.environment,
            "folder": self._options.root,
        }
        return Plan(**(plan | changes))  # type: ignore[arg-type]

    def _manage(self, name: str, *arguments: str) -> Plan:
        return self._python(name, "manage.py", *arguments, one_shot=True, grace_seconds=3)

    def _web(self) -> Plan:
        return self._python("web", "-m", "granian", *web_arguments(self._options.port))

    def _sample(self) -> Plan:
        options = self._options
        return self._python(
            "sample",
            *("-m", "connectors.samplenet", "--host", "127.0.0.1"),
            *("--port", str(options.sample_port), "--people", str(options.sample_people)),
            *("--days", str(options.sample_days), "--seed", str(options.sample_seed)),
            *("--state", str(options.var / "sample" / "state.json")),
        )

    def _worker(self) -> Plan:
        # Celery warns root at length; whoever starts a trial as root has decided so.
        as_root = ["-W", "ignore:You're running the worker with superuser"]
        return self._python(
            "worker",
            *(as_root if os.geteuid() == 0 else []),
            *("-m", "celery", "-q", "-A", "klout", "worker"),
            *("--pool", "prefork", "--concurrency", "2"),
            *("--loglevel", "warning", "--without-gossip", "--without-mingle"),
            # A task that is cut short is handed out again; a stop does not wait for long ones.
            grace_seconds=6,
            # The broker ends in the same moment, and asked to go Celery would wait for it, to
            # send its last heartbeat. The kernel ends the pool's processes with it.
            death_signal=Signals.SIGKILL,
        )

    def _beat(self) -> Plan:
        schedule = str(self._options.var / "beat-schedule")
        return self._python(
            "beat",
            *("-m", "celery", "-q", "-A", "klout", "beat"),
            *("--loglevel", "warning", "--schedule", schedule),
        )


def web_arguments(port: int, host: str = "127.0.0.1") -> list[str]:
    """Return granian's arguments: one process, eight threads that may wait for the database."""
    return [
        *("--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"),
        *("--workers", "1", "--blocking-threads", "8", "--log-level", "error"),
        "klout.wsgi:application",
    ]


def whose(var: Path) -> str:
    """Return the name of the user that owns the data folder (a start as root, then as another)."""
    try:
        return pwd.getpwuid(var.stat().st_uid).pw_name
    except KeyError:
        return str(var.stat().st_uid)
