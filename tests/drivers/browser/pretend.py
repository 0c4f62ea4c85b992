"""A page that is none: what is seen where is a table, time passes by pausing."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from drivers.browser.page import Broken, Missing, Seen

BASE = "https://crm.example"


class Pretend:
    """`there`: address -> selector -> text; `on_click`: selector -> what happens. `done` is all that was asked for."""

    def __init__(self, there: dict[str, dict[str, str]]) -> None:
        self.there = there
        self.at = BASE + "/"
        self.now = 0.0
        self.done: list[tuple[str, ...]] = []
        self.pictures: list[str] = []
        self.blind = False  # no picture can be taken
        self.on_click: dict[str, Callable[[Pretend], None]] = {}
        self.on_open: Callable[[Pretend], None] = lambda _page: None

    def clock(self) -> float:
        return self.now

    def pause(self) -> None:
        self.now += 0.1

    def open(self, url: str) -> None:
        self.done.append(("open", url))
        self.at = url
        self.on_open(self)

    def url(self) -> str:
        if self.at == "lost":
            down(self)
        return self.at

    @property
    def here(self) -> dict[str, str]:
        return self.there.get(self.at.partition("?")[0], {})

    def look(self, selectors: Sequence[str]) -> list[Seen]:
        return [Seen.VISIBLE if s in self.here or s == "html" else Seen.ABSENT for s in selectors]

    def _at(self, *did: str) -> str:
        if did[1] not in self.here:
            raise Missing
        self.done.append(did)
        return self.here[did[1]]

    def click(self, selector: str) -> None:
        self._at("click", selector)
        self.on_click.get(selector, lambda _page: None)(self)

    def type(self, selector: str, text: str, *, clear: bool, enter: bool) -> None:
        self._at("type", selector, text)

    def choose(self, selector: str, option: str) -> None:
        self._at("choose", selector, option)

    def upload(self, selector: str, file: Path) -> None:
        self._at("upload", selector, str(file))

    def download(self, selector: str, seconds: float) -> Path:
        self._at("download", selector)
        return Path("/x/informe.csv")

    def text(self, selector: str, attribute: str) -> str:
        return self._at("text", selector)

    def html(self, selector: str) -> str:
        return self._at("html", selector)

    def disabled(self, selector: str) -> bool:
        return "disabled" in self._at("disabled", selector)

    def items(self, each: str, take: Sequence[str]) -> list[list[str]]:
        return [[self._at("items", each)] * len(take)]

    def enter(self, frame: str) -> None:
        self._at("enter", frame)

    def leave(self) -> None:
        self.done.append(("leave",))

    def window(self, to: Literal["new", "first", "close"]) -> None:
        self.done.append(("window", to))

    def alert(self, answer: Literal["accept", "dismiss"], text: str) -> str:
        raise Missing

    def picture(self, name: str, secrets: Sequence[str]) -> str:
        if self.blind:
            raise Broken("Paso %(step)s (%(verb)s): ciego.")
        self.pictures.append(name)
        return f"{name}.jpg"


def down(_page: Pretend) -> None:
    raise Broken("Paso %(step)s (%(verb)s): no.", net=True)
