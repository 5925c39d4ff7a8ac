"""Measure the score on human judgements, real scores, the next window and the own rows."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from connectors import registry
from connectors.clients import client_for
from connectors.errors import ConnectorError
from scoring import evaluation
from scoring.core.params import CURRENT
from scoring.evaluation import Sources
from scoring.learning import formats, table
from scoring.learning.tables import BadTable

TOPICS_BEGIN, TOPICS_END = "<!-- topics: begin -->", "<!-- topics: end -->"
BEGIN, END = "<!-- evaluate: begin -->", "<!-- evaluate: end -->"
# `--truth` without a value: from the sample network of the settings.
FROM_SAMPLE = "sample"
# `--json` without a file.
PRINTED = "-"


class Command(BaseCommand):
    help = (
        "Print one table of how good the score is. What is not given is not measured, and its row "
        "says what to give; docs/evaluation.md has the formats of the files. Exit code 1: a file "
        "in another format."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("--pairs", type=Path, help="CSV file: judgements on pairs of accounts")
        add("--klout", type=Path, help="CSV file: accounts with their real Klout scores")
        add("--distribution", type=Path, help="CSV file: a population's Klout scores, in bins")
        add("--cascades", type=Path, help="CSV file: posts and the reactions to them")
        add(
            "--truth",
            nargs="?",
            const=FROM_SAMPLE,
            help="hidden true influence: a JSON file, or without a value, the sample server's",
        )
        add("--seed", type=int, default=0, help="of folds and bootstrap (0)")
        add("--folds", type=int, default=5, help="parts of the accounts of the pairs (5)")
        add("--repeats", type=int, default=20, help="shuffles of the parts (20)")
        add("--json", nargs="?", const=PRINTED, help="print JSON; with a FILE, write it there")
        add(
            "--gaming",
            action="store_true",
            help="what attacks gain, instead: on servers and databases of its own, some minutes",
        )
        add(
            "--topics",
            action="store_true",
            help="how rightly posts' topics are found, instead: on labelled posts of the sample",
        )
        add("--people", type=int, default=600, help="of --topics: so many invented people (600)")
        add("--quick", action="store_true", help="of --gaming a small one")
        add("--write", action="store_true", help="put the table into docs/evaluation.md too")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["gaming"]:
            self._gaming(options)
            return
        if options["topics"]:
            self._topics(options)
            return
        if options["folds"] < 2 or options["repeats"] < 1 or options["seed"] < 0:
            raise CommandError("--folds must be 2 or more, --repeats 1 or more, --seed 0 or more.")
        names = ("pairs", "klout", "distribution", "cascades", "seed", "folds", "repeats")
        given = {name: options[name] for name in names}
        try:
            truth = None if options["truth"] is None else _truth(options["truth"])
            rows = evaluation.table(Sources(truth=truth, **given))
        except BadTable as error:
            raise CommandError(str(error)) from None
        if options["write"]:
            self._write(rows)
        if options["json"]:
            answer = {"model_version": CURRENT.version, "rows": [row.as_dict() for row in rows]}
            told = json.dumps(answer, ensure_ascii=False, indent=2)
            if options["json"] == PRINTED:
                self.stdout.write(told)
                return
            Path(options["json"]).write_text(told, encoding="utf-8")
        self.stdout.write(table.plain(rows))

    def _topics(self, options: Mapping[str, Any]) -> None:
        """Print precision and recall of the project's own topics; no database is asked."""
        from scoring.topics import quality

        if not 40 <= options["people"] <= 100_000:
            raise CommandError("--people must be 40 to 100000.")
        rows = quality.evaluated(options["people"], options["seed"])
        if options["write"]:
            told = (
                f"Measured on {timezone.now().date().isoformat()}: {options['people']} invented "
                f"people, {quality.DAYS} days.\n\n{table.markdown(rows)}"
            )
            self._replace(TOPICS_BEGIN, TOPICS_END, told)
        if options["json"]:
            told = json.dumps([row.as_dict() for row in rows], ensure_ascii=False, indent=2)
            if options["json"] == PRINTED:
                self.stdout.write(told)
                return
            Path(options["json"]).write_text(told, encoding="utf-8")
        self.stdout.write(table.plain(rows))

    def _gaming(self, options: Mapping[str, Any]) -> None:
        """Hand over to the command that starts servers: the project's, which this app must not
        import."""
        file = None if options["json"] in (None, PRINTED) else Path(options["json"])
        call_command(
            "gaming",
            quick=options["quick"],
            seed=options["seed"],
            json=file,
            write=options["write"],
            stdout=self.stdout,
            stderr=self.stderr,
        )

    def _write(self, rows: list[table.Row]) -> None:
        self._replace(
            BEGIN,
            END,
            f"Measured on {timezone.now().date().isoformat()}, version {CURRENT.version}.\n\n"
            f"{table.markdown(rows)}",
        )

    def _replace(self, begin: str, end: str, told: str) -> None:
        """Put a text between two marks of docs/evaluation.md."""
        path = Path(settings.BASE_DIR) / "docs" / "evaluation.md"
        before, rest = path.read_text(encoding="utf-8").split(begin)
        after = rest.split(end)[1]
        page = formats.written(f"{before}{begin}\n{told}\n{end}{after}")
        path.write_text(page, encoding="utf-8")
        self.stderr.write("Wrote docs/evaluation.md.")


def _truth(where: str) -> Mapping[str, float]:
    """Return the influence by id, from a file or from the sample server. Raises BadTable."""
    if where == FROM_SAMPLE:
        try:
            with client_for(registry.network("sample")) as client:
                data = client.get(f"{client.urls['sample']}/evaluation/truth").data
        except ConnectorError as error:
            raise BadTable(
                f"The sample server tells no truth ({error}); start it with --serve-truth."
            ) from None
    else:
        try:
            data = json.loads(Path(where).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BadTable(f"{where}: not a JSON file ({error}).") from None
    try:
        return {str(row["id"]): float(row["influence"]) for row in data["accounts"]}
    except (KeyError, TypeError, ValueError):
        raise BadTable(
            f'{where}: the truth is {{"accounts": [{{"id": "1", "influence": 0.5}}, …]}}.'
        ) from None
