"""Learn the weights from human judgements on pairs, and print a parameter module."""

from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from scoring.core.params import CURRENT, v2026_11
from scoring.core.params.definition import Params
from scoring.learning import fit, human, module, pairs
from scoring.learning.fit import CannotLearn, Learned
from scoring.learning.pairs import Judgements
from scoring.learning.solvers import NoSolution
from scoring.learning.tables import BadTable

ERROR_DRAWS = 100


class Command(BaseCommand):
    help = (
        "Learn the weights of the score from pairs of accounts (a CSV file; its columns are in "
        "docs/evaluation.md) and print them as a parameter module. The same file, seed and folds "
        "give the same weights. Exit code 1: a wrong file, or with --check, weights further than a "
        "standard error from the shipped ones."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pairs", type=Path, required=True, help="CSV file of the pairs")
        parser.add_argument("--seed", type=int, default=0, help="of the folds (0)")
        parser.add_argument("--folds", type=int, default=5, help="parts of the accounts (5)")
        parser.add_argument("--repeats", type=int, default=20, help="shuffles of the parts (20)")
        parser.add_argument("--model-version", default="", help="name of the version (YYYY.MM)")
        parser.add_argument("--out", type=Path, help="write the module there, not to the output")
        parser.add_argument(
            "--check",
            action="store_true",
            help="only compare with the shipped weights: within one standard error?",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        seed, folds, repeats = options["seed"], options["folds"], options["repeats"]
        if folds < 2 or repeats < 1 or seed < 0:
            raise CommandError("--folds must be 2 or more, --repeats 1 or more, --seed 0 or more.")
        try:
            told = pairs.read(options["pairs"])
            learned, errors = self._learn(told, seed, folds, repeats, quiet=options["check"])
            if options["check"]:
                self._compare(learned, errors)
                return
            version = options["model_version"] or f"{timezone.now():%Y.%m}"
            params = fit.with_weights(CURRENT, learned.rounded(), version)
            found = human.evidence(told, params, seed=seed, folds=folds, repeats=repeats)
        except (BadTable, CannotLearn, NoSolution) as error:
            raise CommandError(str(error)) from None
        self._tell(learned, errors, params)
        record = _record(told, learned, found)
        text = module.text(Path(v2026_11.__file__).read_text(encoding="utf-8"), params, record)
        if options["out"] is None:
            self.stdout.write(text)
            return
        options["out"].write_text(text, encoding="utf-8")
        self.stderr.write(f"Wrote {options['out']}.")

    def _learn(
        self, told: Judgements, seed: int, folds: int, repeats: int, *, quiet: bool
    ) -> tuple[Learned, dict[str, float]]:
        rows = np.arange(len(told.choice))
        curves = fit.curves(told, CURRENT)
        losses = fit.ridge_losses(told, curves, rows, folds, repeats, seed)
        for ridge, loss in [] if quiet else losses:
            self.stderr.write(f"ridge {ridge:<6g} log-loss on held-out accounts {loss:.5f}")
        ridge = min(losses, key=lambda row: row[1])[0]
        learned = fit.learn_with(told, curves, CURRENT, rows, ridge)
        errors = fit.weight_errors(told, curves, CURRENT, ridge, draws=ERROR_DRAWS, seed=seed)
        return learned, errors

    def _tell(self, learned: Learned, errors: dict[str, float], params: Params) -> None:
        shipped = fit.shipped(CURRENT)
        for name, error in errors.items():
            self.stderr.write(
                f"{name:<10} {getattr(learned, name):.3f} ± {error:.2f} points a doubling, "
                f"rounded {getattr(learned.rounded(), name):.1f}, shipped {shipped[name]:.1f}"
            )
        self.stderr.write(f"a month offline costs {fit.offline_loss(params):.2f} points")

    def _compare(self, learned: Learned, errors: dict[str, float]) -> None:
        apart = []
        for name, value in fit.shipped(CURRENT).items():
            rounded = getattr(learned.rounded(), name)
            same = abs(rounded - value) < fit.STEP / 2
            told = f"{name}: learned {rounded:.1f} ± {errors[name]:.2f}, shipped {value:.1f}"
            self.stdout.write(told + ("" if same else " (moved)"))
            if abs(getattr(learned, name) - value) > max(errors[name], fit.STEP / 2):
                apart.append(name)
        if apart:
            raise CommandError(
                f"More than a standard error apart: {', '.join(apart)}. The weights of version "
                f"{CURRENT.version} do not come from these pairs."
            )


def _record(told: Judgements, learned: Learned, found: human.HumanEvidence) -> module.FitRecord:
    by_name = {row.name: row for row in found.rows}
    inside, apart = by_name[human.SHIPPED], by_name[human.LEARNED]
    return module.FitRecord(
        sha256=told.sha256,
        pairs_count=found.pairs_count,
        accounts_count=found.accounts_count,
        seed=found.seed,
        folds=found.folds,
        repeats=found.repeats,
        ridge=learned.ridge,
        auc_in_sample=inside.in_sample,
        auc_in_sample_error=inside.in_sample_error,
        auc_disjoint=apart.disjoint,
        auc_disjoint_error=apart.disjoint_error,
        fitted_on=timezone.now().date().isoformat(),
    )
