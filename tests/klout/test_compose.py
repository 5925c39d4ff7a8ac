"""The production layout: true to the compose schema, and every command in it works here.

No container is started: what the services run is started as processes, with DEBUG=0, secrets in
files, collected static files, and the database and broker of the tests.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from email.message import Message
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from klout.services.process import tie_to_this_thread
from tests.klout.installation import clean_environment, free_port
from tests.workers import ROOT, database_url, wait_until

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("web", "worker", "beat", "migrate")


def image() -> dict[str, list[list[str]]]:
    """Return the Dockerfile's instructions by name, each as its words (JSON forms as lists)."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    found: dict[str, list[list[str]]] = {}
    for line in text.splitlines():
        name, _, rest = line.partition(" ")
        if name.isupper():
            array = re.search(r"\[.*\]", rest)
            words = json.loads(array[0]) if array else rest.split()
            found.setdefault(name, []).append(words)
    return found


def test_the_file_is_true_to_the_compose_schema() -> None:
    schema = json.loads(
        (files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json").read_text("utf-8")
    )
    validator = validator_for(schema, default=Draft202012Validator)(schema)
    assert [error.message for error in validator.iter_errors(COMPOSE)] == []
    # The schema must be able to fail.
    assert list(validator.iter_errors({"services": {"web": {"comand": "x"}}}))


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_restarts_and_says_whether_it_is_well(name: str) -> None:
    service = SERVICES[name]
    if name == "migrate":
        assert service["restart"] == "no"
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    for needed, how in service.get("depends_on", {}).items():
        one_shot = SERVICES[needed]["restart"] == "no"
        assert how["condition"] == (
            "service_completed_successfully" if one_shot else "service_healthy"
        )


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_uses_is_declared(name: str) -> None:
    service = SERVICES[name]
    assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    for volume in service.get("volumes", []):
        assert volume.split(":")[0] in COMPOSE["volumes"]
    for variable, value in service.get("environment", {}).items():
        if variable.endswith("_FILE"):
            assert value.removeprefix("/run/secrets/") in service["secrets"]


def test_nothing_but_the_pages_is_offered_and_only_to_this_machine() -> None:
    offered = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert offered == {"web": ["127.0.0.1:8000:8000"]}


def test_the_image_runs_as_nobody_special_from_hashed_packages() -> None:
    instructions = image()
    assert instructions["USER"] == [["klout"]]
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert text.index("\nUSER ") > text.index("collectstatic")
    assert "--require-hashes" in text
    for name in OURS:
        assert SERVICES[name]["cap_drop"] == ["ALL"]
        assert SERVICES[name]["read_only"] is True


def test_the_image_holds_every_package_and_no_test() -> None:
    copied = {words[0] for words in image()["COPY"] if not words[0].startswith("--")}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages <= copied
    assert "tests" not in copied
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {f"!{name}" for name in copied} <= set(ignored)


class Production:
    """Starts the commands of the services as processes with production settings."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = dict(environment)
        self._processes: list[subprocess.Popen[bytes]] = []

    def command(self, words: list[str], **changes: str) -> list[str]:
        """Return a service's command for this machine; `changes` replaces single words."""
        words = [changes.get(word, word) for word in words]
        words = [word.replace("/tmp/", f"{self.folder}/") for word in words]
        if words[0] == "celery":
            words = ["python", "-m", *words]
        return [sys.executable if word == "python" else word for word in words]

    def run(self, words: list[str], **changes: str) -> subprocess.CompletedProcess[str]:
        """Run a one-shot service to its end."""
        return subprocess.run(
            self.command(words, **changes),
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def shell(self, line: str) -> subprocess.CompletedProcess[str]:
        """Run a CMD-SHELL health check, as the engine does after `$$` became `$`."""
        line = line.replace("$$", "$").replace("/tmp", str(self.folder))
        line = line.replace("celery ", f"{sys.executable} -m celery ", 1)
        return subprocess.run(
            ["sh", "-c", line],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, name: str, words: list[str], **changes: str) -> "subprocess.Popen[bytes]":
        """Start a service; its output goes to NAME.log."""
        with (self.folder / f"{name}.log").open("wb") as output:
            process = subprocess.Popen(
                self.command(words, **changes),
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=tie_to_this_thread(signal.SIGKILL),
            )
        self._processes.append(process)
        return process

    def log(self, name: str) -> str:
        """Return what a service printed."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def end(self) -> None:
        """End everything that was started."""
        for process in self._processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def production(transactional_db: None, tmp_path: Path) -> Iterator[Production]:
    from django.conf import settings

    secrets = {
        "database_url": database_url(),
        "secret_key": "s" * 50,
        "opt_out_key": "o" * 50,
        "token_keys": "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=",
    }
    for name, value in secrets.items():
        (tmp_path / name).write_text(f"{value}\n", encoding="utf-8")
    service = {
        name: str(value).replace("/run/secrets/", f"{tmp_path}/")
        for name, value in SERVICES["web"]["environment"].items()
    }
    own = {
        "REDIS_URL": settings.REDIS_URL,
        "VAR_DIR": str(tmp_path / "var"),
        "STATIC_DIR": str(tmp_path / "static"),
        "SITE_URL": "https://klout.example",
        "ALLOWED_HOSTS": "klout.example",
        "TRUST_PROXY": "1",
        "PYTHONWARNINGS": "ignore",
        "HOSTNAME": "box",
    }
    made = Production(tmp_path, clean_environment(**{**service, **own}))
    yield made
    made.end()


def get(port: int, path: str) -> "tuple[int, Message[str, str], str]":
    """Return status, headers and text as a proxy in front would get them."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        headers={"Host": "klout.example", "X-Forwarded-Proto": "https"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.headers, answer.read().decode(errors="replace")


def test_the_web_service_serves_pages_and_collected_files(production: Production) -> None:
    collected = production.run(["python", "manage.py", "collectstatic", "--noinput"])
    assert collected.returncode == 0, collected.stderr
    assert production.run(SERVICES["migrate"]["command"]).returncode == 0
    port = free_port()
    changes = {"8000": str(port), "0.0.0.0": "127.0.0.1"}  # noqa: S104
    production.start("web", image()["CMD"][-1], **changes)
    check = SERVICES["web"]["healthcheck"]["test"]
    checked = [word.replace(":8000", f":{port}") for word in check[1:]]
    wait_until(lambda: production.run(checked).returncode == 0, 60, "the web service")
    status, headers, page = get(port, "/")
    assert status == 200, production.log("web")
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    sheet = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert sheet
    # The name holds the hash of the content, so that browsers may keep it for ever.
    assert re.search(r"\.[0-9a-f]{12}\.css$", sheet[1])
    status, headers, _ = get(port, sheet[1])
    assert status == 200
    assert "immutable" in headers["Cache-Control"]
    status, _, page = get(port, "/no-such-page/")
    assert status == 404
    assert "Traceback" not in page
    assert "Django" not in page


def test_the_worker_service_answers_a_ping(production: Production) -> None:
    production.start("worker", [*SERVICES["worker"]["command"], "--hostname", "celery@box"])
    wait_until(lambda: " ready." in production.log("worker"), 60, "the worker")
    check = SERVICES["worker"]["healthcheck"]["test"]
    assert check[0] == "CMD-SHELL"
    answer = production.shell(check[1])
    assert answer.returncode == 0, answer.stderr
    assert "celery@box: OK" in answer.stdout
    absent = production.shell(check[1].replace("$$HOSTNAME", "elsewhere").replace("5", "1"))
    assert absent.returncode != 0


def test_the_beat_service_ticks(production: Production) -> None:
    check = SERVICES["beat"]["healthcheck"]["test"][1]
    assert production.shell(check).returncode != 0
    production.start("beat", SERVICES["beat"]["command"])
    wait_until(lambda: "beat: Starting..." in production.log("beat"), 60, "beat")
    wait_until(lambda: production.shell(check).returncode == 0, 60, "its schedule")
    # The first whole minute sends what is due each minute.
    left = 60 - time.time() % 60
    wait_until(lambda: "Sending due task" in production.log("beat"), left + 30, "the first task")
