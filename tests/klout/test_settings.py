"""Wrong settings stop the start, and the sentence names the variable."""

import os
import runpy
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as present
from django.core.exceptions import ImproperlyConfigured

from klout import env
from klout.management.commands.settings_doc import example, page
from tests.klout.installation import clean_environment
from tests.workers import ROOT

Load = Callable[..., dict[str, Any]]
PRODUCTION = {
    "SECRET_KEY": "s" * 50,
    "OPT_OUT_KEY": "o" * 50,
    "TOKEN_KEYS": "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=",
    "DATABASE_URL": "postgresql://klout@127.0.0.1/klout",
}


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    """Return a function that runs the settings anew under an environment, beside the real ones."""
    monkeypatch.setattr(env, "VARIABLES", {})

    def load(**changes: str) -> dict[str, Any]:
        wanted = {name: value for name, value in clean_environment(**changes).items() if value}
        monkeypatch.setattr(os, "environ", wanted)
        return runpy.run_path(str(ROOT / "klout" / "settings.py"))

    return load


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"DEBUG": "maybe"}, "DEBUG must be 1 or 0"),
        ({"SECRET_KEY": ""}, "SECRET_KEY must be set"),
        ({"OPT_OUT_KEY": ""}, "OPT_OUT_KEY must be set"),
        ({"TOKEN_KEYS": ""}, "TOKEN_KEYS must be set"),
        ({"TOKEN_KEYS": "short"}, "TOKEN_KEYS must hold Fernet keys"),
        ({"SECRET_KEY": "development-only-never-in-production"}, "SECRET_KEY must be set"),
        ({"SECRET_KEY_FILE": "/nonexistent/key"}, "SECRET_KEY_FILE names a file that cannot"),
        ({"DATABASE_URL": "mysql://root:hunter2@db/klout"}, "DATABASE_URL must name a PostgreSQL"),
        ({"DATABASE_URL": "what:hunter2"}, "DATABASE_URL must name a PostgreSQL"),
        ({"REDIS_URL": "http://redis"}, "REDIS_URL must begin with"),
        ({"SITE_URL": "klout.example"}, "SITE_URL must be an http:// or https:// address"),
        ({"SITE_URL": "https://klout.example:x"}, "SITE_URL must be"),
        ({"SAMPLE_PEOPLE": "12"}, "SAMPLE_PEOPLE must be from 40 to 100000"),
        ({"SAMPLE_DAYS": "a week"}, "SAMPLE_DAYS must be a whole number"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR"),
        ({"LOCAL_ORIGINS": "http://127.0.0.1:8010"}, "LOCAL_ORIGINS is for development"),
        ({"DEBUG": "1", "LOCAL_ORIGINS": "127.0.0.1:8010"}, "LOCAL_ORIGINS must hold origins"),
        ({"DEBUG": "1", "LOCAL_ORIGINS": "http://a.b/path"}, "LOCAL_ORIGINS must hold origins"),
    ],
)
def test_a_wrong_value_is_named(load: Load, changes: dict[str, str], words: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        load(**{**PRODUCTION, **changes})
    assert words in str(refused.value)
    # Values can be secrets: a password in an address is not repeated.
    assert "hunter2" not in str(refused.value)


def test_production_needs_no_more_than_secrets_and_a_database(load: Load) -> None:
    settings = load(**PRODUCTION, SITE_URL="https://klout.example")
    assert settings["DEBUG"] is False
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["CSRF_COOKIE_SECURE"] is True
    assert settings["SECURE_HSTS_SECONDS"] > 0
    assert settings["LOCAL_ORIGINS"] == []


def test_development_needs_nothing(load: Load) -> None:
    assert load(DEBUG="1")["TOKEN_KEYS"]


def test_every_variable_is_in_the_documents() -> None:
    document = (present.BASE_DIR / "docs" / "settings.md").read_text(encoding="utf-8")
    sample = (present.BASE_DIR / ".env.example").read_text(encoding="utf-8")
    assert len(env.VARIABLES) > 20
    assert document == page(), "run: manage.py settings_doc"
    assert sample == example(), "run: manage.py settings_doc"
    assert str(present.BASE_DIR) not in document + sample
