"""docs/evaluation.md: its formats, its weights and its rows are those of the code."""

import re
from pathlib import Path

from scoring.core.params import CURRENT, v2026_11
from scoring.learning import fit, formats, human

TEXT = (Path(__file__).parents[3] / "docs" / "evaluation.md").read_text(encoding="utf-8")


def test_the_formats_are_those_that_are_read() -> None:
    assert formats.written(TEXT) == TEXT


def test_the_shipped_weights_of_the_document_are_those_of_the_model() -> None:
    rows = re.findall(r"^\| (\w+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", TEXT, re.M)
    assert {row[0]: float(row[4]) for row in rows} == fit.shipped(CURRENT)
    for name, learned, error, rounded, shipped in rows:
        assert round(float(learned), 1) == float(rounded), name
        # As the document says: moved by less than a standard error.
        assert abs(float(learned) - float(shipped)) < float(error), name


def test_the_document_and_the_parameters_name_the_same_file_of_pairs() -> None:
    named = re.findall(r"[0-9a-f]{64}", v2026_11.__doc__ or "")
    assert len(named) == 1
    assert named[0] in TEXT


def test_the_figures_of_the_document_reach_the_goals_on_judgements() -> None:
    told = {
        (name, measure): float(value)
        for name, measure, value in re.findall(
            r"^\| human judgement \| ([^|]+) \| ([^|]+) \| ([\d.]+) \|", TEXT, re.M
        )
    }
    assert told[human.SHIPPED, "AUC, in-sample"] >= 0.867
    disjoint = "AUC, account-disjoint"
    assert told[human.LEARNED, disjoint] >= told[human.UNCONSTRAINED, disjoint] - 0.005
    assert f"version {CURRENT.version}" in TEXT
