from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from klout import env


@pytest.fixture(autouse=True)
def _own_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables that a test declares must not get into the documents."""
    monkeypatch.setattr(env, "VARIABLES", {})


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("Yes", True), ("off", False), ("", True)]
)
def test_yes_and_no_have_several_spellings(
    monkeypatch: pytest.MonkeyPatch, text: str, value: bool
) -> None:
    monkeypatch.setenv("PROBE", text)
    assert env.env_bool("PROBE", True, help="") is value


@pytest.mark.parametrize("text", ["4", "11", "-5", "1e1", "x"])
def test_a_number_out_of_range_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("PROBE", text)
    with pytest.raises(ImproperlyConfigured, match="PROBE must be"):
        env.env_int("PROBE", 7, low=5, high=10, help="")


def test_an_empty_list_is_not_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE", "")
    assert env.env_list("PROBE", "a,b", help="") == []
    monkeypatch.delenv("PROBE")
    assert env.env_list("PROBE", "a, b,", help="") == ["a", "b"]


def test_a_secret_comes_from_its_file_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("of the file\n", encoding="utf-8")
    monkeypatch.setenv("PROBE", "of the environment")
    assert env.env_secret("PROBE", "", help="A key.") == "of the environment"
    monkeypatch.setenv("PROBE_FILE", str(tmp_path / "key"))
    assert env.env_secret("PROBE", "", help="A key.") == "of the file"
    assert env.VARIABLES["PROBE"].default == ""


@pytest.mark.parametrize("text", ["example.org", "ftp://example.org", "http://", "http://a:b"])
def test_what_is_no_web_address_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PROBE", text)
    with pytest.raises(ImproperlyConfigured, match="PROBE must be an http"):
        env.env_url("PROBE", "http://localhost", help="")


def test_an_address_has_no_final_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE", "https://example.org/")
    assert env.env_url("PROBE", "http://localhost", help="") == "https://example.org"
