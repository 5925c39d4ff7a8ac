"""Strict reading of Wikidata's items: whom an article is about."""

from datetime import date
from typing import Any

from connectors.errors import BadPayload
from connectors.fields import field, optional
from connectors.types import Profile
from connectors.wikipedia.asking import NETWORK_ID
from connectors.wikipedia.handles import split

INSTANCE_OF, BORN = "P31", "P569"
HUMAN = "Q5"
# Kinds of things that go by a brand: business, company, enterprise, public company, brand,
# organisation, nonprofit, NGO, band, rock band, university, football club, newspaper, website,
# political party, museum.
BRANDS = frozenset(
    {
        *("Q4830453", "Q783794", "Q6881511", "Q891723", "Q431289", "Q43229", "Q163740", "Q79913"),
        *("Q215380", "Q5741069", "Q3918", "Q476028", "Q11032", "Q35127", "Q7278", "Q33506"),
    }
)
_ADULT_YEARS = 18


def is_about_somebody(claims: dict[str, Any], today: date) -> bool:
    """Return whether an item is about a brand, or a person who is no minor."""
    kinds = _kinds(claims)
    return bool(kinds & BRANDS) or (HUMAN in kinds and not _is_minor(claims, today))


def parse_item(data: object, handle: str, path: str, today: date) -> Profile | None:
    """Return whom the only item of an answer is about; None for neither a person nor a brand."""
    entities = field(data, "entities", dict, path=path, network=NETWORK_ID)
    if len(entities) != 1:
        raise BadPayload("Wikidata sent no item or several.", network=NETWORK_ID, path=path)
    (item,) = entities.values()
    if not isinstance(item, dict) or "missing" in item:
        return None
    native_id = field(item, "id", str, path=path, network=NETWORK_ID)
    claims = field(item, "claims", dict, path=path, network=NETWORK_ID)
    kinds = _kinds(claims)
    if not kinds & (BRANDS | {HUMAN}):
        return None
    language, _ = split(handle)
    sites = field(item, "sitelinks", dict, path=path, network=NETWORK_ID)
    site = optional(sites, f"{language}wiki", dict, path=path, network=NETWORK_ID)
    if site is None:
        return None
    title = field(site, "title", str, path=path, network=NETWORK_ID)
    return Profile(
        native_id=native_id,
        handle=f"{language}:{title}",
        name=title[:200],
        url=f"https://{language}.wikipedia.org/wiki/{title.replace(' ', '_')}",
        is_brand=HUMAN not in kinds,
        states_minor=HUMAN in kinds and _is_minor(claims, today),
    )


def _kinds(claims: dict[str, Any]) -> set[Any]:
    told = values_of(claims, INSTANCE_OF)
    return {value.get("id") for value in told if isinstance(value, dict)}


def _is_minor(claims: dict[str, Any], today: date) -> bool:
    """Return whether the person may be younger than 18: only the year is trusted."""
    years = []
    for value in values_of(claims, BORN):
        text = value.get("time") if isinstance(value, dict) else None
        year = text[1:5] if isinstance(text, str) and text.startswith("+") else ""
        years += [int(year)] if year.isascii() and year.isdigit() else []
    return any(today.year - year <= _ADULT_YEARS for year in years)


def values_of(claims: dict[str, Any], name: str, *, without: str = "") -> list[Any]:
    """Return the values of a property; "unknown" and "none" have no value.

    Statements that have the qualifier `without` are passed over.
    """
    rows = claims.get(name)
    found = []
    for row in rows if isinstance(rows, list) else []:
        snak = row.get("mainsnak") if isinstance(row, dict) else None
        told = snak.get("datavalue") if isinstance(snak, dict) else None
        if not isinstance(told, dict) or row.get("rank") == "deprecated":
            continue
        qualifiers = row.get("qualifiers")
        if without and isinstance(qualifiers, dict) and without in qualifiers:
            continue
        found.append(told.get("value"))
    return found
