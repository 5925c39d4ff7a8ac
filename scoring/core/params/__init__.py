"""The versions of the model's parameters; the newest is CURRENT."""

from scoring.core.params import v2026_11
from scoring.core.params.definition import Family, Integrity, Measure, Params

VERSIONS: dict[str, Params] = {v2026_11.PARAMS.version: v2026_11.PARAMS}
CURRENT: Params = v2026_11.PARAMS


def by_version(version: str) -> Params:
    """Return the parameters of a version, e.g. "2026.11".

    Raises
    ------
    ValueError
        If there is no such version; the message names those that exist.
    """
    try:
        return VERSIONS[version]
    except KeyError:
        known = ", ".join(sorted(VERSIONS))
        raise ValueError(f"no model version {version!r}; known versions: {known}") from None


__all__ = ["CURRENT", "VERSIONS", "Family", "Integrity", "Measure", "Params", "by_version"]
