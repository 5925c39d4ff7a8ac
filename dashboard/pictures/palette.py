"""The colours of pictures: those of static/css/tokens.css, which pictures cannot read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """One scheme; names as in tokens.css."""

    paper: str
    surface: str
    ink: str
    ink_2: str
    line_colour: str
    primary: str
    on_primary: str
    primary_soft: str
    accent: str


LIGHT = Palette(
    paper="#f6f4ee",
    surface="#fffefb",
    ink="#17212b",
    ink_2="#4d5966",
    line_colour="#dcd6c8",
    primary="#0b5c5c",
    on_primary="#ffffff",
    primary_soft="#d9ebe8",
    accent="#a9431a",
)
DARK = Palette(
    paper="#10161b",
    surface="#182028",
    ink="#eaf0f3",
    ink_2="#a9b5bf",
    line_colour="#303c47",
    primary="#6cd0c6",
    on_primary="#06201f",
    primary_soft="#173b3b",
    accent="#f3a77f",
)
