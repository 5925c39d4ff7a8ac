"""docs/signals.md, written from the catalogue and the current parameters."""

from scoring.core.params import CURRENT
from scoring.signals import CATALOGUE, Role, Signal, SignalFamily, networks, signals_for


def page() -> str:
    """Return the text of docs/signals.md."""
    lines = [
        "# Signals",
        "",
        "<!-- Written by `manage.py signals_doc`; change scoring/signals.py instead. -->",
        "",
        _count_sentence(),
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
    for network in networks():
        lines += [
            "",
            f"## {network}",
            "",
            "| id | what | family | unit | who | role | read from | meaning |",
            "|---|---|---|---|---|---|---|---|",
            *(_row(signal) for signal in signals_for(network)),
        ]
    return "\n".join(lines) + "\n"


def _count_sentence() -> str:
    weighted = sum(signal.role is Role.WEIGHTED for signal in CATALOGUE)
    return (
        f"{len(CATALOGUE)} signals over {len(networks())} networks, of which {weighted} carry "
        f"weight in version {CURRENT.version} of the model. What the words mean, and how points "
        "come from amounts, is told in [scoring.md](scoring.md)."
    )


def _row(signal: Signal) -> str:
    who = "–"
    if signal.received and signal.family not in (SignalFamily.AUDIENCE, SignalFamily.STANDING):
        who = "named" if signal.named else "anonymous"
    role = f"{signal.role}, owner only" if signal.owner_only else f"{signal.role}"
    cells = (
        f"`{signal.id}`",
        signal.name,
        signal.family,
        signal.unit,
        who,
        role,
        signal.source,
        signal.sentence,
    )
    return f"| {' | '.join(cells)} |"
