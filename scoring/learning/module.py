"""The parameter module that a fit comes to: the template's own text with the learned numbers."""

import ast
import textwrap
from dataclasses import dataclass
from typing import NamedTuple

from scoring.core.params.definition import Params


@dataclass(frozen=True, slots=True)
class FitRecord:
    """What identifies a fit: run again on the same file, it gives the same weights."""

    sha256: str
    pairs_count: int
    accounts_count: int
    seed: int
    folds: int
    repeats: int
    ridge: float
    # Of the rounded weights, through the model's own path.
    auc_in_sample: float
    auc_in_sample_error: float
    auc_disjoint: float
    auc_disjoint_error: float
    # ISO 8601 date of the run.
    fitted_on: str

    def lines(self) -> list[str]:
        """Return the record as lines of a docstring."""
        told = (
            f"Learned by `manage.py fit` on {self.fitted_on} from {self.pairs_count} pairs of "
            f"{self.accounts_count} accounts: seed {self.seed}, {self.folds} folds, "
            f"{self.repeats} repeats, ridge {self.ridge:g}. AUC through the model's own path: "
            f"{self.auc_in_sample:.4f} in-sample (standard error {self.auc_in_sample_error:.4f}), "
            f"{self.auc_disjoint:.4f} on accounts that were not learned from "
            f"({self.auc_disjoint_error:.4f}). SHA-256 of the file: {self.sha256}. "
            "docs/evaluation.md tells how."
        )
        return textwrap.wrap(told, 98)


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


def text(template: str, params: Params, record: FitRecord) -> str:
    """Return the Python text of a parameter module.

    Parameters
    ----------
    template : str
        Text of a module of scoring.core.params; its comments and its other numbers are kept.
    params : Params
        The learned parameters, of the same measures.
    record : FitRecord
    """
    tree = ast.parse(template)
    starts = [0]
    for line in template.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    raw = template.encode()

    def edit(node: ast.expr | ast.stmt, new: str) -> _Edit:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return _Edit(
            starts[node.lineno - 1] + node.col_offset,
            starts[node.end_lineno - 1] + node.end_col_offset,
            new,
        )

    edits = [edit(tree.body[0], _docstring(params, record))]
    measures = {m.name: m for m in params.measures}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        values = {keyword.arg: keyword.value for keyword in call.keywords}
        if name == "Measure" and isinstance(call.args[0], ast.Constant):
            measure = measures[str(call.args[0].value)]
            edits.extend(
                edit(values[field], repr(float(getattr(measure, field))))
                for field in ("weight", "start_weight")
                if field in values
            )
        elif name == "Params":
            edits.append(edit(values["version"], f'"{params.version}"'))
    for change in sorted(edits, reverse=True):
        raw = raw[: change.start] + change.text.encode() + raw[change.end :]
    return raw.decode()


def _docstring(params: Params, record: FitRecord) -> str:
    title = f"Version {params.version} of the model: every number with its source or its reason."
    body = "\n".join(record.lines())
    return f'"""{title}\n\n{body}\n"""'
