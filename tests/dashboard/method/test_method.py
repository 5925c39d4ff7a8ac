"""The pages of the method: every law with its chart, and figures that are those of the document."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from dashboard.method.evidence import ATTACKS, EVIDENCE
from dashboard.method.laws import LAWS
from scoring.laws import SCENARIOS
from scoring.management.commands.law_charts import file_name

ROOT = Path(settings.BASE_DIR)
LINES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs/evaluation.md").read_text().splitlines()
    if line.startswith("|")
]


def row(*begin: str) -> list[str]:
    """Return the one row of the document whose first cells are these."""
    [found] = [cells for cells in LINES if tuple(cells[: len(begin)]) == begin]
    return found


def test_every_law_of_the_document_is_on_the_page_with_every_chart() -> None:
    document = (ROOT / "docs/scoring.md").read_text().split("## The laws\n")[1]
    document = document.split("### The charts")[0]
    numbers = {int(found) for found in re.findall(r"^\| (\d+) \| ", document, re.M)}
    assert [law.number for law in LAWS] == sorted(numbers)
    charts = {chart.file: law.number for law in LAWS for chart in law.charts}
    assert charts == {file_name(one): one.law for one in SCENARIOS}
    # Pages are given the place of a picture before it is there.
    for chart in (chart for law in LAWS for chart in law.charts):
        drawing = (ROOT / "static/img/laws" / chart.file).read_text()
        assert f'viewBox="0 0 640 {chart.height}"' in drawing


def test_the_figures_are_those_of_the_document() -> None:
    for figure in (figure for one in EVIDENCE for figure in one.figures):
        cells = row(*figure.row)
        assert float(cells[3]) == figure.value, figure.row
        assert (None if cells[4] == "–" else float(cells[4])) == figure.error, figure.row
    for attack in ATTACKS:
        cells = row(*attack.row)
        # A pod attacks for itself: what counts is the gain of each.
        ours, raw = (7, 9) if attack.row[0].startswith("a pod") else (3, 5)
        assert (float(cells[ours]), float(cells[raw])) == (attack.ours, attack.raw), attack.row


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "nb"])
def test_the_pages_are_there_for_everybody_and_lead_to_each_other(
    language: str, client: Client
) -> None:
    pages = ("/method/", "/method/laws/", "/method/evidence/", "/method/versions/", "/signals/")
    for path in pages:
        text = client.get(path, headers={"Accept-Language": language}).content.decode()
        assert f'<html lang="{language}"' in text
        for other in pages:
            assert f'href="{other}"' in text, (path, other)
        assert len(text.encode()) < 60_000
