"""Tables that a sponsor takes along as CSV; no cell of them is a formula to a spreadsheet."""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from connectors import crypto
from connectors.errors import Relink
from people.models import User
from perks.audit import acting_as
from perks.forms import ADDRESS
from perks.models import Claim, Perk

# What makes a spreadsheet reckon with a cell, also after what is not seen, and in full width.
_FORMULA = re.compile(r"^[\t\r\n]|^[\s\ufeff]*[=+\-@|%＝＋－＠]")


def safe(cell: object) -> str:
    """Return a cell's text, behind an apostrophe where a spreadsheet would see a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if _FORMULA.match(text) else text


def table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """Return CSV in UTF-8 that spreadsheets understand at once."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow([safe(cell) for cell in head])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def claims_table(perk: Perk) -> bytes:
    """Return a perk's claims: state, days and ratings; nothing of who claimed. One query."""
    rows = (
        Claim.objects.filter(perk=perk)
        .exclude(state=Claim.State.WAITING)
        .order_by("pk")
        .only(
            *("pk", "state", "claimed_at", "used_at", "rating", "words"),
            *("delivered_at", "tracking"),
        )
    )
    head = (
        *(_("Claim"), _("State"), _("Claimed"), _("Used"), _("Rating"), _("Words")),
        *(_("Sent"), _("Reference")),
    )
    return table(
        head,
        (
            (
                row.pk,
                row.get_state_display(),
                row.claimed_at.date() if row.claimed_at else "",
                row.used_at.date() if row.used_at else "",
                row.rating,
                row.words,
                row.delivered_at.date() if row.delivered_at else "",
                row.tracking,
            )
            for row in rows.iterator()
        ),
    )


def take_addresses(perk: Perk, by: User) -> bytes:
    """Return the addresses of parcels to be sent, and note that they were taken along.

    Only of people who agreed to it with the claim; taken ones are given again until sent.
    """
    with acting_as(by):
        rows = list(
            Claim.objects.select_for_update()
            .filter(perk=perk, state__in=("claimed", "used"), delivered_at=None)
            .exclude(address=b"")
            .order_by("pk")
        )
        Claim.objects.filter(pk__in=[row.pk for row in rows], address_taken_at=None).update(
            address_taken_at=timezone.now()
        )
    head = (_("Claim"), _("Name"), _("Street"), _("Postcode"), _("Place"), _("Country"))
    return table(head, ((row.pk, *_address(row)) for row in rows))


def _address(claim: Claim) -> list[str]:
    try:
        given = json.loads(crypto.decrypt_text(claim.address))
    except (Relink, ValueError):
        # Encrypted under a key that is no longer there.
        return [_("cannot be read")]
    return [given.get(name, "") for name in ADDRESS]
