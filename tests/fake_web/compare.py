"""Hold our description of YouTube's API against Google's: `python -m tests.fake_web.compare FILE`.

FILE is the discovery document youtube.v3.json, which google-api-python-client carries. It is no
part of this project: whoever has a newer one runs this by hand. Exit code 1 where they differ.
"""

import json
import sys
from pathlib import Path
from typing import Any

from connectors.youtube import NETWORK
from tests.fake_web.youtube import DESCRIPTION, PUBLIC_ONLY


def differences(vendor: dict[str, Any]) -> list[str]:
    """Return what the vendor's document does not allow of what we ask."""
    methods = {
        f"{method['httpMethod']} /{method['path']}": method
        for resource in vendor["resources"].values()
        for method in resource.get("methods", {}).values()
    }
    wrong = []
    for operation, parameters in DESCRIPTION.items():
        method = methods.get(operation)
        if method is None:
            wrong.append(f"{operation}: not there")
            continue
        granted = set(NETWORK.scopes) & set(method["scopes"])
        if not granted and operation.partition(" ")[2] not in PUBLIC_ONLY:
            wrong.append(f"{operation}: needs another scope")
        theirs = method["parameters"]
        asked = {name.removeprefix("!"): schema for name, schema in parameters.items()}
        wrong += [f"{operation}: {name} is not known" for name in asked.keys() - theirs.keys()]
        wrong += [
            f"{operation}: {name} is required"
            for name, told in theirs.items()
            if told.get("required") and f"!{name}" not in parameters
        ]
        for name in asked.keys() & theirs.keys():
            wrong += _narrower(f"{operation} {name}", asked[name], theirs[name])
    return wrong


def _narrower(where: str, ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """Return where our schema would let through what theirs refuses."""
    wrong = []
    if ours.get("type") == "array" and not theirs.get("repeated"):
        wrong.append(f"{where}: is not a list")
    if "maximum" in theirs and ours.get("maximum", 10**9) > int(theirs["maximum"]):
        wrong.append(f"{where}: at most {theirs['maximum']}")
    if "minimum" in theirs and ours.get("minimum", 0) < int(theirs["minimum"]):
        wrong.append(f"{where}: at least {theirs['minimum']}")
    if "enum" in theirs and not set(ours.get("enum", [None])) <= set(theirs["enum"]):
        wrong.append(f"{where}: one of {theirs['enum']}")
    return wrong


if __name__ == "__main__":
    found = differences(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    sys.stdout.write("\n".join(found) + "\n" if found else "Everything that is asked is allowed.\n")
    sys.exit(bool(found))
