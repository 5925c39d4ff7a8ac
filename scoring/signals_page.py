"""docs/signals.md, written from the catalogue and the current parameters."""

from connectors import registry
from scoring.core.params import CURRENT
from scoring.signals import (
    CATALOGUE,
    Signal,
    SignalFamily,
    State,
    carries_weight,
    counted,
    network_name,
    networks,
    signals_for,
)


def page() -> str:
    """Return the text of docs/signals.md."""
    lines = [
        "# Signals",
        "",
        "<!-- Written by `manage.py signals_doc`; change scoring/signals/ instead. -->",
        "",
        *_counts(),
        "",
        "| measure | family | points per doubling | first doubling at | half-life |",
        "|---|---|---|---|---|",
    ]
    for measure in CURRENT.measures:
        half_life = f"{measure.half_life_days:g} days" if measure.half_life_days else "–"
        start = f" (+{measure.start_weight:g} up to {measure.start_until:g})"
        points = f"{measure.weight:g}" + (start if measure.start_weight else "")
        lines.append(
            f"| {measure.name} | {measure.family} | {points} | {measure.unit:g} | {half_life} |"
        )
    if CURRENT.plus_k is not None:
        rule = f"{CURRENT.plus_k.most_points:g} · x / (x + {CURRENT.plus_k.half_people:g})"
        said = "`plus_k` is of no network and has a rule of its own: x ordinary people bring"
        lines += ["", f"{said} {rule} points."]
    lines += [
        "",
        "## Networks",
        "",
        "| network | measured today | carry weight | declared |",
        "|---|---|---|---|",
        *(_summary(network) for network in networks()),
    ]
    for network in networks():
        lines += [
            "",
            f"## {network_name(network)}",
            "",
            "| id | what | family | unit | who | role | read from | meaning |",
            "|---|---|---|---|---|---|---|---|",
            *(_row(signal) for signal in signals_for(network)),
        ]
    return "\n".join(lines) + "\n"


def _counts() -> tuple[str, ...]:
    measured, weighted = counted(), carries_weight()
    told = (
        f"{len(measured)} signals are measured today, on "
        f"{len({signal.network for signal in measured} & registry.CONNECTORS.keys())} networks "
        f"that have a connector, and this site itself; "
        f"{len(weighted)} of them carry weight in version {CURRENT.version} of the model."
    )
    declared = (
        f"{len(CATALOGUE)} are declared, over {len(networks())} networks. A declared signal whose "
        "network has no connector yet counts nothing: it is neither weighed nor estimated."
    )
    more = (
        "What the words mean, and how points come from amounts, is told in "
        "[scoring.md](scoring.md); how a row begins to count in "
        "[adding-a-network.md](adding-a-network.md)."
    )
    return told, declared, "", more


def _summary(network: str) -> str:
    rows = signals_for(network)
    measured = sum(signal.state is State.COUNTED for signal in rows)
    weighted = sum(signal.carries_weight for signal in rows)
    return f"| {network_name(network)} | {measured} | {weighted} | {len(rows)} |"


def _row(signal: Signal) -> str:
    who = "–"
    if signal.received and signal.family not in (SignalFamily.AUDIENCE, SignalFamily.STANDING):
        who = "named" if signal.named else "anonymous"
    role = f"{signal.role}, owner only" if signal.owner_only else f"{signal.role}"
    if signal.state is State.WAITING:
        role += ", waiting for its connector"
    cells = (
        f"`{signal.id}`",
        str(signal.name),
        signal.family,
        signal.unit,
        who,
        role,
        signal.source,
        str(signal.sentence),
    )
    return f"| {' | '.join(cells)} |"
