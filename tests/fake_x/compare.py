"""Hold our description of X's API against the vendor's file: `python -m tests.fake_x.compare FILE`.

Exit code 1 where something that the connector sends would not be allowed there. The vendor's files
are not part of this project: whoever has a newer one runs this by hand.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.fake_x.description import DIALECTS


def _resolved(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in value:
        found: Any = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        value = found
    return value


def _narrower(
    document: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any], where: str
) -> list[str]:
    """Return where our schema would let through what theirs refuses."""
    theirs = _resolved(document, theirs)
    wrong = []
    if ours["type"] != theirs.get("type"):
        wrong.append(f"{where}: type {ours['type']}, theirs {theirs.get('type')}")
    for name, sign in (("minimum", 1), ("minLength", 1), ("minItems", 1), ("maximum", -1)):
        if name in theirs and sign * ours.get(name, sign * -(10**9)) < sign * theirs[name]:
            wrong.append(f"{where}: {name} {ours.get(name)}, theirs {theirs[name]}")
    if "maxItems" in theirs and ours.get("maxItems", 10**9) > theirs["maxItems"]:
        wrong.append(f"{where}: maxItems {ours.get('maxItems')}, theirs {theirs['maxItems']}")
    if "pattern" in theirs and ours.get("pattern") != theirs["pattern"]:
        wrong.append(f"{where}: pattern {ours.get('pattern')}, theirs {theirs['pattern']}")
    if "enum" in theirs and not set(ours.get("enum", [None])) <= set(theirs["enum"]):
        wrong.append(f"{where}: {set(ours.get('enum', [])) - set(theirs['enum'])} is not theirs")
    if "items" in theirs:
        wrong += _narrower(document, ours["items"], theirs["items"], where)
    return wrong


def differences(vendor: dict[str, Any]) -> list[str]:
    """Return what the vendor's document does not allow of ours, in its own dialect."""
    version = vendor["info"]["version"]
    if version not in DIALECTS:
        return [f"no dialect {version} is described"]
    wrong = []
    for path, methods in DIALECTS[version]["paths"].items():
        operation = vendor["paths"].get(path, {}).get("get")
        if operation is None:
            wrong.append(f"{path}: not there")
            continue
        if not any("OAuth2UserToken" in way for way in operation["security"]):
            wrong.append(f"{path}: takes no token of a person")
        told = [_resolved(vendor, parameter) for parameter in operation["parameters"]]
        theirs = {parameter["name"]: parameter for parameter in told}
        ours = {parameter["name"]: parameter for parameter in methods["get"]["parameters"]}
        for name, parameter in theirs.items():
            if parameter.get("required") and not ours.get(name, {}).get("required"):
                wrong.append(f"{path}: {name} is required")
        for name, parameter in ours.items():
            if name not in theirs:
                wrong.append(f"{path}: {name} is not known")
                continue
            if parameter.get("explode") is False and theirs[name].get("explode") is not False:
                wrong.append(f"{path}: {name} is not separated by commas")
            wrong += _narrower(
                vendor, parameter["schema"], theirs[name]["schema"], f"{path} {name}"
            )
    return wrong


if __name__ == "__main__":
    found = differences(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    sys.stdout.write("\n".join(found) + "\n" if found else "Everything that is asked is allowed.\n")
    sys.exit(bool(found))
