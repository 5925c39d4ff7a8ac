"""Invented sponsors and perks for trial installations; their pictures are drawn here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from connectors import crypto
from perks import codes, pictures
from perks.models import Perk, Sponsor

WIDTH, HEIGHT = 960, 540
Draw = Callable[[ImageDraw.ImageDraw], None]

INK, CREAM, TEAL, RUST, SAND, NIGHT = (
    "#17212b", "#fffefb", "#0b5c5c", "#a9431a", "#e9dcc0", "#1d2f4a",
)  # fmt: skip


def _cup(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse((300, 400, 660, 460), fill="#d8c6a0")
    draw.ellipse((560, 220, 700, 360), outline=CREAM, width=28)
    draw.rounded_rectangle((330, 180, 610, 430), 60, fill=CREAM)
    draw.ellipse((345, 160, 595, 220), fill=RUST)
    for x in (410, 470, 530):
        draw.arc((x, 50, x + 40, 150), 90, 270, fill=CREAM, width=8)


def _train(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse((740, 60, 840, 160), fill="#f3e6b5")
    draw.polygon([(0, 380), (230, 150), (430, 380)], fill="#3b5478")
    draw.polygon([(260, 380), (560, 110), (860, 380)], fill="#2d4467")
    draw.rectangle((0, 440, WIDTH, HEIGHT), fill=INK)
    draw.rounded_rectangle((120, 290, 860, 430), 50, fill=RUST)
    for x in range(170, 800, 110):
        draw.rounded_rectangle((x, 320, x + 80, 370), 10, fill="#f3e6b5")
    for x in (220, 330, 650, 760):
        draw.ellipse((x, 410, x + 50, 460), fill=CREAM)


def _books(draw: ImageDraw.ImageDraw) -> None:
    colours = (TEAL, RUST, NIGHT, "#7a5200", CREAM, TEAL, RUST)
    for n, colour in enumerate(colours):
        left, height = 190 + n * 84, (300, 250, 330, 270, 310, 240, 290)[n]
        draw.rectangle((left, 440 - height, left + 70, 440), fill=colour)
        draw.rectangle((left + 16, 470 - height, left + 54, 482 - height), fill=SAND)
    draw.rectangle((120, 440, 840, 462), fill="#6b4a2b")


def _bread(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse((190, 150, 770, 450), fill="#a5642c")
    draw.ellipse((215, 160, 745, 420), fill="#c98746")
    for x in (330, 450, 570):
        draw.line((x, 210, x + 60, 360), fill="#f0d9a8", width=22)


def _tent(draw: ImageDraw.ImageDraw) -> None:
    for x, y in ((120, 80), (300, 50), (520, 110), (700, 60), (850, 130), (610, 40)):
        draw.ellipse((x, y, x + 8, y + 8), fill=CREAM)
    draw.rectangle((0, 420, WIDTH, HEIGHT), fill="#173b3b")
    draw.polygon([(480, 130), (180, 440), (780, 440)], fill="#e0a23c")
    draw.polygon([(480, 130), (400, 440), (560, 440)], fill="#8a3b18")


def _waves(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse((380, 80, 580, 280), fill="#f3c66b")
    for n, colour in enumerate(("#1d6b6b", "#155656", "#0d4444", "#083434")):
        top = 270 + n * 60
        for x in range(-60, WIDTH, 160):
            draw.pieslice((x + n * 40, top, x + n * 40 + 200, top + 120), 180, 360, fill=colour)
        draw.rectangle((0, top + 58, WIDTH, HEIGHT), fill=colour)


@dataclass(frozen=True, slots=True)
class Sample:
    """An invented perk."""

    sponsor: str
    title: str
    summary: str
    description: str
    paper: str
    draw: Draw
    picture_text: str
    stock: int
    days: int
    kind: str = "code"
    rules: dict[str, Any] = field(default_factory=dict)


SPONSORS = {
    "Fjellbrygg Coffee": "Invented: a small roastery that exists in this sample only.",
    "Nattoget": "Invented: a night train through mountains that nobody has built.",
    "Lyspunkt Books": "Invented: a bookshop with one window and many lamps.",
}
SAMPLES = (
    Sample(
        "Fjellbrygg Coffee", "A bag of mountain roast", "250 g of freshly roasted coffee",
        "Pick a roast and use the code at the counter. We are glad to hear what you think, and "
        "you need not write a word about it.",
        TEAL, _cup, "A cup of coffee, steaming", 40, 45,
    ),
    Sample(
        "Fjellbrygg Coffee", "Breakfast for two", "Bread, cheese, coffee and time",
        "A table by the window on any weekday.",
        SAND, _bread, "A loaf of bread", 12, 30, rules={"least_score": 45},
    ),
    Sample(
        "Nattoget", "One night on the train", "A berth from sea to sea",
        "A bed, a blanket, and the mountains by moonlight. The code is good for any night of the "
        "year but New Year's Eve.",
        NIGHT, _train, "A train in front of mountains at night", 8, 60, rules={"least_score": 25},
    ),
    Sample(
        "Nattoget", "A weekend in the tent camp", "Two nights at the end of the line",
        "Where the rails end a tent waits. For people of 18 years or more, as there is a bar.",
        "#0f3d4c", _tent, "A tent under stars", 5, 40,
        rules={"least_age": 18, "least_score": 20},
    ),
    Sample(
        "Lyspunkt Books", "A book of your choice", "Any paperback from the shelf",
        "The link opens the list; choose one, and it is yours.",
        "#d9ebe8", _books, "A shelf of books", 100, 90, kind="link",
    ),
    Sample(
        "Lyspunkt Books", "An atlas of quiet places", "A large atlas, sent to you",
        "Printed in a small edition, sent to Norway, Sweden and Denmark.",
        "#f7dfae", _waves, "A sun over waves", 3, 20, kind="address",
        rules={"countries": ["NO", "SE", "DK"]},
    ),
)  # fmt: skip


def offer_samples() -> int:
    """Store the sample sponsors and perks that are missing; return how many perks were added."""
    added = 0
    for name, about in SPONSORS.items():
        sponsor, _made = Sponsor.objects.get_or_create(
            name=name, defaults={"about": about, "is_sample": True}
        )
        mine = [sample for sample in SAMPLES if sample.sponsor == name]
        known = set(Perk.objects.filter(sponsor=sponsor).values_list("title", flat=True))
        if sponsor.is_sample:
            for sample in mine:
                if sample.title not in known:
                    _offer(sponsor, sample, timezone.now())
                    added += 1
    return added


def _offer(sponsor: Sponsor, sample: Sample, now: datetime) -> None:
    picture = Image.new("RGB", (WIDTH, HEIGHT), sample.paper)
    sample.draw(ImageDraw.Draw(picture))
    number = SAMPLES.index(sample) + 1
    with transaction.atomic():
        perk = Perk.objects.create(
            sponsor=sponsor,
            slug=f"sample-{number}",
            title=sample.title,
            summary=sample.summary,
            description=sample.description,
            kind=sample.kind,
            link=crypto.encrypt_text("https://example.org/books" if sample.kind == "link" else ""),
            picture=pictures.store(picture),
            picture_text=sample.picture_text,
            state=Perk.State.PUBLISHED,
            published_at=now,
            is_sample=True,
            stock=0 if sample.kind == "code" else sample.stock,
            claim_until=now + timedelta(days=sample.days),
            use_until=now + timedelta(days=sample.days + 90) if sample.kind == "code" else None,
            # Whoever tries it out has just linked an account.
            linked_days=0,
            **sample.rules,
        )
        if sample.kind == "code":
            texts = "\n".join(f"SAMPLE-{number}{n:03}" for n in range(1, sample.stock + 1))
            codes.upload(perk.pk, texts.encode(), None)
