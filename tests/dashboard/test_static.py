"""Files in static/: what is vendored is what it says, and colours are tokens."""

import re
from hashlib import sha256
from pathlib import Path

import plotly.offline
import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
# The rules of plotly are its own; the tokens are where colours and sizes may stand.
OWN_CSS = sorted(
    path for path in (STATIC / "css").glob("*.css") if path.stem not in {"plotly", "tokens"}
)
VENDORED = re.findall(
    r"^\| `([^`]+)`.*`([0-9a-f]{64})` \|$", (STATIC / "vendor/README.md").read_text(), re.M
)


def test_every_vendored_file_has_a_row_with_its_sum() -> None:
    files = {
        str(path.relative_to(STATIC / "vendor"))
        for path in (STATIC / "vendor").rglob("*")
        if path.suffix in {".js", ".css"}
    }
    assert files == {name for name, _ in VENDORED}


@pytest.mark.parametrize(("name", "expected"), VENDORED)
def test_a_vendored_file_is_unchanged(name: str, expected: str) -> None:
    assert sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == expected


def test_the_bundle_in_the_page_is_the_version_that_makes_the_figures() -> None:
    head = (STATIC / "vendor/plotly/plotly-basic.min.js").read_text()[:200]
    found = re.search(r"plotly\.js \(basic - minified\) v([\d.]+)", head)
    assert found is not None
    assert found[1] == plotly.offline.get_plotlyjs_version()


def test_the_rules_for_the_strict_policy_are_of_the_same_version() -> None:
    assert (
        f"plotly.js {plotly.offline.get_plotlyjs_version()}:"
        in (STATIC / "css/plotly.css").read_text()
    )


def test_raw_colours_stand_in_the_tokens_only() -> None:
    for path in OWN_CSS:
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", text) == []


def test_every_token_that_is_used_is_declared() -> None:
    declared = set(re.findall(r"^\s*(--[\w-]+):", (STATIC / "css/tokens.css").read_text(), re.M))
    used = {name for f in OWN_CSS for name in re.findall(r"var\((--[\w-]+)", f.read_text())}
    assert {name for name in used if not name.startswith("--pico")} <= declared


def test_both_dark_palettes_are_the_same() -> None:
    text = (STATIC / "css/tokens.css").read_text()
    device = text.split(':root:not([data-theme="light"]) {')[1].split("}")[0]
    chosen = text.split(':root[data-theme="dark"] {')[1].split("}")[0]
    assert re.findall(r"(--[\w-]+): ([^;]+);", device) == re.findall(
        r"(--[\w-]+): ([^;]+);", chosen
    )


def test_templates_hold_no_inline_style_script_or_handler() -> None:
    templates = Path(settings.BASE_DIR) / "templates"
    # E-mails have no style sheets of ours to link to, and no policy of ours.
    mails = {templates / f"letters/{name}.html" for name in ("base", "digest", "goal", "news")}
    for path in set(templates.rglob("*.html")) - mails:
        text = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path


# Attributes in which a row's number must stand as it is: with the thousands separators of a
# language ("4,380") an address leads nowhere and an anchor is never met.
_NUMBER_IN_ATTRIBUTE = re.compile(
    r"""(?:id|for|href|value|aria-\w+)="[^"]*\{\{\s*[\w.]*(?:\.pk|post_id|account_id|offer\.id)\s*\}\}"""
)


def test_numbers_of_rows_are_written_into_attributes_as_digits() -> None:
    found = [
        f"{path.name}: {match}"
        for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html")
        for match in _NUMBER_IN_ATTRIBUTE.findall(path.read_text("utf-8"))
    ]
    assert found == []
