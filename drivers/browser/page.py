"""What an interpreter needs of a browser. The real one is chrome_page.py; tests bring a small one of their own."""

from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import Literal, Protocol


class Seen(IntEnum):
    """How much of something is on the page."""

    ABSENT = 0
    HIDDEN = 1
    VISIBLE = 2


class Missing(Exception):
    """Not on the page, or no longer: to be looked for again until the time is over."""


class Broken(Exception):
    """It does not work. `sentence` has places for step and verb; `net`: it is not the page, later it may work."""

    def __init__(self, sentence: str, *, net: bool = False, **facts: str) -> None:
        super().__init__(sentence)
        self.sentence, self.net, self.facts = sentence, net, facts


class Boxed(Broken):
    """The page put up a box (alert, confirm, prompt); until it is answered nothing else can be done."""


class Page(Protocol):
    """Everything is quick or has its own time limit. Raises Missing or Broken."""

    def open(self, url: str) -> None: ...
    def url(self) -> str: ...
    def look(self, selectors: Sequence[str]) -> list[Seen]:
        """How each is seen, at one moment, in the current frame."""

    def click(self, selector: str) -> None: ...
    def type(self, selector: str, text: str, *, clear: bool, enter: bool) -> None: ...
    def choose(self, selector: str, option: str) -> None: ...
    def upload(self, selector: str, file: Path) -> None: ...
    def download(self, selector: str, seconds: float) -> Path: ...
    def text(self, selector: str, attribute: str) -> str: ...
    def html(self, selector: str) -> str: ...
    def disabled(self, selector: str) -> bool: ...
    def items(self, each: str, take: Sequence[str]) -> list[list[str]]:
        """The text of each of `take` inside every `each`."""

    def enter(self, frame: str) -> None: ...
    def leave(self) -> None:
        """To the parent frame."""

    def window(self, to: Literal["new", "first", "close"]) -> None: ...
    def alert(self, answer: Literal["accept", "dismiss"], text: str) -> str: ...
    def picture(self, name: str, secrets: Sequence[str]) -> str:
        """Keep a picture of the page with the secrets blacked out; its file."""

    def pause(self) -> None:
        """A tenth of a second, or less when the run is stopped."""
