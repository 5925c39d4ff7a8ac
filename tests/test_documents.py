"""The documents point at what is there, and the promises that only words keep are true."""

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.workers import ROOT

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    links = [link for link in _LINK.findall(document.read_text("utf-8")) if "://" not in link]
    missing = [link for link in links if not (document.parent / link).exists()]
    assert missing == []


def test_the_map_has_every_folder() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert len(packages) >= 7
    assert {name for name in packages if f"`{name}/`" not in page} == set()


def test_every_dependency_has_a_reason() -> None:
    page = (ROOT / "docs" / "decisions" / "0009-dependencies.md").read_text("utf-8").lower()
    project = (ROOT / "pyproject.toml").read_text("utf-8").partition("[project.optional")[0]
    names = re.findall(r'^    "([A-Za-z0-9._-]+)', project, re.MULTILINE)
    assert len(names) > 20
    assert [name for name in names if name.lower() not in page] == []


def test_the_locks_name_no_host_and_hash_everything() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-spark.lock"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text
        pinned = re.findall(r"^[a-z0-9]\S*==", text, re.MULTILINE)
        assert len(pinned) > 50
        assert text.count("--hash=sha256:") >= len(pinned)


def test_each_lock_holds_the_smaller_one() -> None:
    """So that whoever runs the tests needs no second installation, and Spark changes nothing."""

    def pinned(name: str) -> set[str]:
        text = (ROOT / name).read_text("utf-8")
        return set(re.findall(r"^([a-z0-9]\S*==\S+)", text, re.MULTILINE))

    assert pinned("requirements.lock") - pinned("requirements-dev.lock") == set()
    more = pinned("requirements-spark.lock") - pinned("requirements-dev.lock")
    assert {name.partition("==")[0] for name in more} == {"pyspark", "py4j"}
    assert pinned("requirements-dev.lock") - pinned("requirements-spark.lock") == set()


def test_the_core_imports_the_standard_library_numpy_and_pandas_only() -> None:
    allowed = {*sys.stdlib_module_names, "numpy", "pandas"}
    files = list((ROOT / "scoring" / "core").rglob("*.py"))
    assert len(files) > 5
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [name.name for name in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                inside = name == "scoring.core" or name.startswith("scoring.core.")
                assert inside or name.split(".")[0] in allowed, f"{file.name} imports {name}"
