"""A line of progress for commands, at most one each second where it goes into a file."""

import time
from typing import Protocol


class Output(Protocol):
    """Where a command writes."""

    def write(self, text: str, *, ending: str) -> object:
        """Write the text and what follows it."""

    def isatty(self) -> bool:
        """Return whether a person looks on."""


class ProgressLine:
    """Tells how many of how many are done, and for how long it will go on."""

    def __init__(self, output: Output, what: str) -> None:
        self._output = output
        self._what = what
        self._begun = self._said = time.monotonic()
        self.told = False

    def tell(self, done: int, total: int) -> None:
        """Say where it is: in place on a terminal, else now and then on a line of its own."""
        self.told = True
        now = time.monotonic()
        live = self._output.isatty()
        if done < total and now - self._said < (0.1 if live else 5.0):
            return
        self._said = now
        left = (now - self._begun) / max(done, 1) * (total - done)
        text = f"{done} of {total} {self._what}, about {left:.0f} s to go"
        self._output.write(f"\r{text}   " if live else text, ending="" if live else "\n")

    def end(self) -> None:
        """Leave the line."""
        if self.told and self._output.isatty():
            self._output.write("", ending="\n")
