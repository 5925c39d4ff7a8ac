"""The invented names, topics and texts of the sample network."""

from dataclasses import dataclass


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text."""
    return tuple(text.split())


FIRST = words(
    "Ada Aksel Amara Anders Asta Bao Benji Bo Carla Chidi Dag Dalia Dev Edda Eino Elif Emre Esben "
    "Fatou Finn Freya Gita Goran Greta Hana Hugo Ida Idris Ines Iver Jaya Joon Kaia Kofi Lani Leif "
    "Lena Luca Maja Malik Mika Mina Nadia Nils Noor Ola Oriel Pavel Petra Quill Rafi Ragna Remy "
    "Rosa Sander Selma Simen Sofie Tara Tariq Thea Tomas Una Vida Viggo Wanda Yara Yusuf Zadie Zoe"
)
LAST = words(
    "Aldwin Askeland Bergmo Birkwood Calder Dahlin Dunmore Ekberg Elvestad Fairlow Fjeldheim "
    "Garnby Glenhart Hagelund Halvard Hartwell Ilves Ingeby Jarlsby Kestrel Kirkevik Lamberg "
    "Lindqvale Lyngmo Marlow Mossberg Nerdal Northby Oakhurst Olander Pellwood Quillan Rasmor "
    "Ravndal Ridley Rosendal Sandvoll Skarberg Solvang Stenmark Tangvik Thorne Tveitan Ulvestad "
    "Varga Vestby Wexford Wilder Yngstad Zeller Almquist Bakkemo Corwyn Drageset Enger Foss"
)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a community talks about: its hashtags and the things in its sentences."""

    name: str
    hashtags: tuple[str, ...]
    things: tuple[str, ...]


TOPICS = (
    Topic(
        "photography",
        ("photography", "light"),
        ("the harbour at dawn", "an old lens", "fog on concrete", "one lamp"),
    ),
    Topic(
        "cycling",
        ("cycling", "bikes"),
        ("the hill behind the town", "a new saddle", "the coast road", "wet cobbles"),
    ),
    Topic(
        "baking",
        ("baking", "sourdough"),
        ("a rye loaf", "cardamom buns", "a flat cake", "yesterday's starter"),
    ),
    Topic(
        "football",
        ("football", "matchday"),
        ("the late equaliser", "the youth team", "a cold stand", "the away shirt"),
    ),
    Topic(
        "gardening",
        ("gardening", "seeds"),
        ("the first tomatoes", "a stubborn rose", "the compost", "early frost"),
    ),
    Topic(
        "film",
        ("film", "cinema"),
        ("a quiet thriller", "the restored classic", "the last row", "a long take"),
    ),
    Topic(
        "opensource",
        ("opensource", "python"),
        ("a small release", "a long bug hunt", "the flaky test", "a kind review"),
    ),
    Topic(
        "travel",
        ("travel", "nighttrain"),
        ("the night train north", "a town without cars", "the ferry", "one bag"),
    ),
    Topic(
        "music",
        ("music", "vinyl"),
        ("a record from the attic", "the rehearsal", "the B-side", "a borrowed amp"),
    ),
    Topic(
        "science",
        ("science", "ocean"),
        ("a reef survey", "the tide tables", "a null result", "cold water"),
    ),
    Topic(
        "running",
        ("running", "trail"),
        ("the forest trail", "a slow ten kilometres", "the last hill", "new shoes"),
    ),
    Topic(
        "books",
        ("books", "reading"),
        ("a novel in one sitting", "the library's sale", "a re-read", "the notes"),
    ),
)
MORNING = "Good morning! #goodmorning"
ZONES = (
    "Europe/Oslo",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Sydney",
    "America/Sao_Paulo",
)


def handle_of(first: int, last: int, number: int) -> str:
    """Return the handle of the name with that number; the number keeps handles apart."""
    return f"{FIRST[first]}.{LAST[last]}{number}".lower()


def hashtags_in(text: str) -> tuple[str, ...]:
    """Return the hashtags of a text of this network, without the sign."""
    return tuple(word[1:].rstrip(".!?,") for word in text.split() if word.startswith("#"))
