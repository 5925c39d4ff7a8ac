"""Read settings from the environment, and say plainly which one is wrong.

Every call names the variable, its default and one line of help; `docs/settings.md` is written
from these calls by `manage.py settings_doc`, and a test compares the two.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable that the project reads."""

    name: str
    kind: str
    default: str
    help: str


VARIABLES: dict[str, Variable] = {}


def _declare(name: str, kind: str, default: str, help: str) -> None:
    VARIABLES[name] = Variable(name, kind, default, help)


def env_str(name: str, default: str, *, help: str) -> str:
    """Return the variable's text, or the default where it is unset or empty."""
    _declare(name, "text", default, help)
    return os.environ.get(name) or default


def env_list(name: str, default: str, *, help: str) -> list[str]:
    """Return the comma-separated parts of the variable, without blanks."""
    _declare(name, "comma-separated list", default, help)
    text = os.environ.get(name)
    return [part.strip() for part in (default if text is None else text).split(",") if part.strip()]


def env_url(name: str, default: str, *, help: str) -> str:
    """Return an http(s) address without a final slash; anything else stops the start."""
    _declare(name, "http(s) address", default, help)
    text = (os.environ.get(name) or default).rstrip("/")
    if not _is_address(text):
        raise ImproperlyConfigured(f"{name} must be an http:// or https:// address, not {text!r}.")
    return text


def env_origins(name: str, default: str, *, help: str) -> list[str]:
    """Return comma-separated origins such as http://127.0.0.1:8010, each without a path."""
    origins = env_list(name, default, help=help)
    _declare(name, "comma-separated origins", default, help)
    for origin in origins:
        if not _is_address(origin) or urlsplit(origin).path or urlsplit(origin).query:
            raise ImproperlyConfigured(
                f"{name} must hold origins such as http://127.0.0.1:8010, not {origin!r}."
            )
    return origins


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port_is_right = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and port_is_right


def env_bool(name: str, default: bool, *, help: str) -> bool:
    """Return True for 1/true/yes/on, False for 0/false/no/off; anything else stops the start."""
    _declare(name, "yes or no", "1" if default else "0", help)
    text = os.environ.get(name, "").strip().lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0 (yes/no, true/false, on/off), not {text!r}.")


def env_int(name: str, default: int, *, low: int, high: int, help: str) -> int:
    """Return the variable as a whole number from low to high; anything else stops the start."""
    _declare(name, f"whole number, {low} to {high}", str(default), help)
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    try:
        value = int(text)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}.") from None
    if not low <= value <= high:
        raise ImproperlyConfigured(f"{name} must be from {low} to {high}, not {value}.")
    return value


def env_secret(name: str, default: str, *, help: str) -> str:
    """Return a secret from NAME, or from the file that NAME_FILE names (for container secrets)."""
    _declare(name, "secret", "", f"{help} `{name}_FILE` may name a file that holds it.")
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name}_FILE names a file that cannot be read: {error.strerror}."
            ) from None
    return os.environ.get(name) or default
