"""Hold our description of Meta's Graph against others': `python -m tests.fake_graph.compare DIR`.

The folder holds a JSON file for each node: its "fields" by "name", and its "apis", each with a
"method" and an "endpoint". Exit code 1 where something that is asked is not there. The files are
not part of this project: whoever has newer ones runs this by hand.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.fake_graph.description import NODES


def differences(name: str, theirs: dict[str, Any]) -> list[str]:
    """Return what of our description of a node is not in theirs."""
    fields = {field["name"] for field in theirs["fields"]}
    lists = {
        api["endpoint"] for api in theirs["apis"] if api["method"] == "GET" and api.get("endpoint")
    }
    node = NODES[name]
    wrong = [f"{name}.{field} is not a field" for field in sorted(node.fields - fields)]
    wrong += [f"{name}/{edge} is not a list" for edge in sorted(set(node.lists) - lists)]
    known = sorted(node.beyond & fields)
    return wrong + [f"{name}.{field} is described there now" for field in known]


def compared(folder: Path) -> tuple[list[str], list[str]]:
    """Return the nodes that were compared, and the differences."""
    names = [name for name in NODES if (folder / f"{name}.json").exists()]
    wrong = []
    for name in names:
        wrong += differences(name, json.loads((folder / f"{name}.json").read_text("utf-8")))
    return names, wrong


if __name__ == "__main__":
    told, found = compared(Path(sys.argv[1]))
    sys.stdout.write("".join(f"{line}\n" for line in found))
    sys.stdout.write(f"Compared: {', '.join(told) or 'nothing'}.\n")
    sys.exit(bool(found) or not told)
