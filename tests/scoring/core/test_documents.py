"""The worked example of docs/scoring.md is computed again: golden numbers that people read."""

import re
from pathlib import Path

import pytest

from tests.scoring.core.accounts import MODEL, REFERENCE, faded, raw, row

TEXT = (Path(__file__).parents[3] / "docs" / "scoring.md").read_text(encoding="utf-8")


def _table(heading: str) -> list[list[str]]:
    """Return the cells of the rows of the table whose header row is given."""
    lines = TEXT.split(heading + "\n", 1)[1].splitlines()[1:]
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_the_points_of_the_worked_example_are_those_of_the_model() -> None:
    rows = _table("| signal | amount | points |")
    assert {name: float(amount) for name, amount, _ in rows} == REFERENCE
    parts = MODEL.parts(row(**REFERENCE)[None])[0]
    found = {name: f"{part:.2f}" for name, part in zip(MODEL.measures, parts, strict=True)}
    assert {name: points for name, _, points in rows} == {n: found[n] for n in REFERENCE}


def test_strength_mass_and_score_of_the_worked_example_are_those_of_the_model() -> None:
    result = MODEL.evaluate(row(**REFERENCE)[None], [0], 1)
    assert f"z = {result.strength[0]:.2f}" in TEXT
    assert f"here {result.mass[0]:.0f}" in TEXT
    assert f"**{result.raw[0]:.2f}** for one account" in TEXT


def test_the_month_offline_of_the_document_is_that_of_the_model() -> None:
    rows = _table("| days offline | score |")
    assert [int(day) for day, _ in rows] == [0, 1, 3, 7, 14, 30]
    for day, score in rows:
        assert f"{raw(faded(row(**REFERENCE), int(day))):.2f}" == score


def test_coming_back_in_the_document_is_that_of_the_model() -> None:
    x = row(**REFERENCE)
    gone = faded(x, 30)
    back = gone + (x - gone) * (1 - 2 ** (-14 / 4.5))
    told = re.search(r"is at ([\d.]+) within two weeks", TEXT)
    assert told is not None
    assert float(told[1]) == pytest.approx(raw(back), abs=0.005)
