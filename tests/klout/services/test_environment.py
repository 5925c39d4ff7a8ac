import os
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from klout.services.environment import adopt, own_secrets, read_variables, write_variables


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which nothing of ours is set; changes go with the test."""
    for name in ("DATABASE_URL", "DATABASE_URL_FILE", "VAR_DIR", "DEBUG", "SAMPLE_NETWORK"):
        monkeypatch.setenv(name, "gone with the test")
        monkeypatch.delenv(name)


def test_secrets_are_made_once_and_usable(tmp_path: Path) -> None:
    first = own_secrets(tmp_path)
    assert own_secrets(tmp_path) == first
    assert own_secrets_of_another(tmp_path)["SECRET_KEY"] != first["SECRET_KEY"]
    Fernet(first["TOKEN_KEYS"])
    assert (tmp_path / "secrets.env").stat().st_mode & 0o777 == 0o600


def own_secrets_of_another(tmp_path: Path) -> dict[str, str]:
    other = tmp_path / "other"
    other.mkdir()
    return own_secrets(other)


def test_a_missing_secret_is_added_and_the_others_stay(tmp_path: Path) -> None:
    write_variables(tmp_path / "secrets.env", {"SECRET_KEY": "kept", "OWN": "too"})
    made = own_secrets(tmp_path)
    assert made["SECRET_KEY"] == "kept"
    assert made["OWN"] == "too"
    assert made["OPT_OUT_KEY"]


def test_comments_blanks_and_quotes_are_understood(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# A=1\n\nB = 2\nC='x=y'\nno line\n", encoding="utf-8")
    assert read_variables(file) == {"B": "2", "C": "x=y"}


@pytest.mark.usefixtures("empty")
def test_up_is_a_trial_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMPLE_NETWORK", "0")
    adopt(["manage.py", "up"], tmp_path)
    assert os.environ["DEBUG"] == "1"
    assert os.environ["SAMPLE_NETWORK"] == "0"


@pytest.mark.usefixtures("empty")
def test_other_commands_use_the_running_installation(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    write_variables(tmp_path / "var" / "up.env", {"DATABASE_URL": "postgresql://here/klout"})
    adopt(["manage.py", "lookup"], tmp_path)
    assert os.environ["DATABASE_URL"] == "postgresql://here/klout"
    assert "DEBUG" not in os.environ


def test_a_named_database_is_never_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty: None
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://named/one")
    (tmp_path / "var").mkdir()
    write_variables(tmp_path / "var" / "up.env", {"DATABASE_URL": "postgresql://x/y", "DEBUG": "1"})
    adopt(["manage.py", "lookup"], tmp_path)
    assert os.environ["DATABASE_URL"] == "postgresql://named/one"
    assert "DEBUG" not in os.environ


@pytest.mark.usefixtures("empty")
def test_the_env_file_comes_after_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBUG", "0")
    (tmp_path / ".env").write_text("DEBUG=1\nSAMPLE_NETWORK=1\n", encoding="utf-8")
    adopt(["manage.py", "check"], tmp_path)
    assert os.environ["DEBUG"] == "0"
    assert os.environ["SAMPLE_NETWORK"] == "1"
