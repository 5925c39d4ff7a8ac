"""Lines of scores as one small SVG, the same text for the same numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 40, 34
# About, at the size of the labels.
CHARACTER_WIDTH = 7
# Told apart without colour too: each line has a dash of its own. After Okabe and Ito (2008).
_LOOKS = (
    ("#0072b2", ""),
    ("#d55e00", "7 4"),
    ("#009e73", "2 3"),
    ("#cc79a7", "9 3 2 3"),
    ("#56b4e9", "5 2"),
    ("#e69f00", "1 3"),
    ("#555555", "12 4"),
    ("#999999", "3 6"),
)
_LINE_HEIGHT = 16


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where days and scores are on the drawing, in pixels."""

    days_count: int
    low: int
    high: int

    def x(self, day: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * day / max(self.days_count - 1, 1)

    def y(self, value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (self.high - value) / (self.high - self.low)


def chart(title: str, lines: Mapping[str, Sequence[float]], across: str = "days") -> str:
    """Return an SVG of scores step by step, a legend below; coordinates to a tenth of a pixel."""
    values = [value for line in lines.values() for value in line]
    frame = _Frame(max(map(len, lines.values())), *_fives(min(values), max(values)))
    height = HEIGHT + _LINE_HEIGHT * len(lines)
    size = f'viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif" font-size="12"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
            f"<title>{escape(title)}</title>",
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
            f'<text x="{LEFT}" y="22" font-size="15" fill="#222">{escape(title)}</text>',
            *_axes(frame, across),
            *_drawn(frame, lines),
            "</svg>",
            "",
        ]
    )


def _axes(frame: _Frame, across: str) -> Iterator[str]:
    for tick in range(frame.low, frame.high + 1, 5 if frame.high - frame.low <= 30 else 10):
        y = frame.y(tick)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#444">{tick}</text>'
    label = f'y="{HEIGHT - 14}" fill="#444"'
    # The word of the axis stands at its end; a number there would lie under it.
    free_until = WIDTH - RIGHT - CHARACTER_WIDTH * (len(across) + 2)
    for day in range(0, frame.days_count - 3, 10):
        if frame.x(day) > free_until:
            break
        yield f'<text x="{frame.x(day):.1f}" {label} text-anchor="middle">{day}</text>'
    yield f'<text x="{WIDTH - RIGHT}" {label} text-anchor="end">{across}</text>'


def _drawn(frame: _Frame, lines: Mapping[str, Sequence[float]]) -> Iterator[str]:
    for number, (name, line) in enumerate(lines.items()):
        colour, dash = _LOOKS[number % len(_LOOKS)]
        look = f'fill="none" stroke="{colour}" stroke-width="2"'
        look += f' stroke-dasharray="{dash}"' if dash else ""
        points = "L".join(
            f"{frame.x(day):.1f} {frame.y(value):.1f}" for day, value in enumerate(line)
        )
        below = HEIGHT + _LINE_HEIGHT * number + 4
        yield f'<path d="M{points}" {look}/>'
        yield f'<path d="M{LEFT} {below}h28" {look}/>'
        yield f'<text x="{LEFT + 36}" y="{below + 4}" fill="#222">{escape(name)}</text>'


def _fives(lowest: float, highest: float) -> tuple[int, int]:
    """Return multiples of five around the values, at least ten apart."""
    low = int(lowest // 5) * 5
    high = int(-(-highest // 5)) * 5
    return low, max(high, low + 10)
