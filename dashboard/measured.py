"""The page of what is measured of one's own accounts: every signal with its value."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from connectors.queries import OwnAccount, own_accounts
from dashboard.catalogue import family_name, network_name, place
from people.acting import acting_person
from scoring.measuring import Values, measured
from scoring.signals import SignalFamily, State, signals_for


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """One link above the tables."""

    account_id: int
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A signal with its value; None is not told by the network."""

    name: str
    place: str
    sentence: str
    value: float | None
    unit: str
    weighted: bool


@dataclass(frozen=True, slots=True)
class FamilyTable:
    """The signals of a family."""

    family: str
    name: str
    lines: list[ValueLine]


@never_cache
@login_required
@require_safe
def my_signals(request: HttpRequest) -> HttpResponse:
    """Every signal of one of one's own accounts with its value; of nobody else's."""
    accounts = own_accounts(acting_person(request).pk)
    chosen = _chosen(accounts, request.GET.get("account"))
    context: dict[str, object] = {"chosen": chosen}
    if chosen is not None:
        values = measured({chosen.account_id: chosen.network}, datetime.now(UTC).date())
        context |= {
            "network": network_name(chosen.network),
            "choices": _choices(accounts, chosen),
            "tables": _tables(chosen.network, values[chosen.account_id]),
        }
    return render(request, "my_signals.html", context)


def _chosen(accounts: list[OwnAccount], asked: str | None) -> OwnAccount | None:
    """Return the account asked for, the first without a wish; 404 for one that is not theirs."""
    if asked is None:
        return accounts[0] if accounts else None
    for account in accounts:
        if str(account.account_id) == asked:
            return account
    raise Http404("no such account of this person")


def _choices(accounts: list[OwnAccount], chosen: OwnAccount) -> list[AccountChoice]:
    return [
        AccountChoice(
            account.account_id,
            f"{network_name(account.network)}: {account.handle}",
            account == chosen,
        )
        for account in accounts
    ]


def _tables(network: str, values: Values) -> list[FamilyTable]:
    tables = []
    for family in SignalFamily:
        lines = [
            ValueLine(
                name=signal.shown_name,
                place=place(signal.id),
                sentence=signal.shown_sentence,
                value=values.get(signal.id),
                unit=signal.shown_unit,
                weighted=signal.carries_weight,
            )
            for signal in signals_for(network)
            if signal.family is family and signal.state is State.COUNTED
        ]
        if lines:
            tables.append(FamilyTable(family.value, family_name(family), lines))
    return tables
