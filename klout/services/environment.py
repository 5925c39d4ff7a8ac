"""The environment of a one-machine installation: its secrets, and what its commands are given.

`manage.py` calls `adopt` before settings load, so that on such a machine
`manage.py lookup @name` talks to the servers that `manage.py up` runs.
"""

import base64
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

SECRETS_FILE = "secrets.env"
RUNNING_FILE = "up.env"


def read_variables(file: Path) -> dict[str, str]:
    """Return the NAME=value lines of a file; blank lines and # comments are left out."""
    found: dict[str, str] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and name.strip() and not name.lstrip().startswith("#"):
            found[name.strip()] = value.strip().strip("'\"")
    return found


def write_variables(file: Path, variables: Mapping[str, str]) -> None:
    """Write NAME=value lines that only this user can read; a killed write leaves the old file."""
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.writelines(f"{name}={value}\n" for name, value in sorted(variables.items()))
        output.flush()
        os.fsync(output.fileno())
    new.replace(file)


def own_secrets(var: Path) -> dict[str, str]:
    """Return this installation's secrets, made at random the first time."""
    file = var / SECRETS_FILE
    kept = read_variables(file) if file.exists() else {}
    wanted: dict[str, Callable[[], str]] = {
        "SECRET_KEY": lambda: secrets.token_urlsafe(48),
        "OPT_OUT_KEY": lambda: secrets.token_urlsafe(48),
        # A Fernet key is 32 random bytes in this alphabet.
        "TOKEN_KEYS": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "DEMO_PASSWORD": lambda: secrets.token_urlsafe(12),
    }
    missing = {name: make() for name, make in wanted.items() if not kept.get(name)}
    if missing:
        kept |= missing
        write_variables(file, kept)
    return kept


def adopt(arguments: Sequence[str], root: Path) -> None:
    """Complete os.environ for a command of this installation; what is set already stays.

    1. the lines of `.env`; 2. for `up`: developer's mode with the sample network; 3. for every
    other command, where no database is named: the environment of the `up` that runs.
    """
    if (root / ".env").is_file():
        _set_missing(read_variables(root / ".env"))
    if arguments[1:2] == ["up"]:
        _set_missing({"DEBUG": "1", "SAMPLE_NETWORK": "1"})
    elif not (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE")):
        running = Path(os.environ.get("VAR_DIR") or root / "var") / RUNNING_FILE
        if running.is_file():
            _set_missing(read_variables(running))


def _set_missing(variables: Mapping[str, str]) -> None:
    for name, value in variables.items():
        os.environ.setdefault(name, value)
