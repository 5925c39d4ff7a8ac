"""The versions of the model's parameters.

Which of them is shown on a day is said by the database (scoring.versions); CURRENT is what code
takes where there is none: simulations, benchmarks, evidence, and the first day of an installation.
"""

from scoring.core.params import v2026_11, v2026_12
from scoring.core.params.definition import Family, Integrity, Measure, Params, PlusK

CURRENT: Params = v2026_11.PARAMS
# Every version that was ever published, and candidates; in the order of time.
VERSIONS: dict[str, Params] = {
    params.version: params for params in (v2026_11.PARAMS, v2026_12.PARAMS)
}


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


__all__ = ["CURRENT", "VERSIONS", "Family", "Integrity", "Measure", "Params", "PlusK", "by_version"]
