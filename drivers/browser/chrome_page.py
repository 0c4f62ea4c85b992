"""A page of a real Chromium (drivers/browser/page.py says what is asked of it)."""

import shutil
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit

from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select

from drivers.browser import pictures, scripts, troubles
from drivers.browser.chrome import Chrome
from drivers.browser.page import Broken, Missing, Seen
from drivers.browser.selectors import located, quoted
from drivers.browser.troubles import told
from drivers.contract import N_

PAUSE_S = 0.1
FILE_MAX = 200 << 20
NO_SELECTOR = 3
USUAL = {"http": 80, "https": 443}
UNFINISHED = (".crdownload", ".tmp")
SERVER_ERROR = N_("Paso %(step)s (%(verb)s): el sitio contesta con el error %(status)s.")
NO_WAY = N_("Paso %(step)s (%(verb)s): no se permite ir a «%(host)s»: es otro sitio, la red privada o esta máquina.")
NO_FILE = N_("Paso %(step)s (%(verb)s): el archivo no llegó a tiempo.")
BIG_FILE = N_("Paso %(step)s (%(verb)s): el archivo es demasiado grande.")
LAST_WINDOW = N_("Paso %(step)s (%(verb)s): es la única ventana.")


class ChromePage:
    """`blocked` says whether the guard refused a `host:port`; `into` is where files and pictures go."""

    def __init__(self, chrome: Chrome, into: Path, stop: threading.Event, blocked: Callable[[str], bool]) -> None:
        self.chrome, self.into, self.stop, self.blocked = chrome, into, stop, blocked
        self.web = chrome.web

    def _told(self) -> Any:
        return told(self.stop.is_set)

    def open(self, url: str) -> None:
        try:
            with self._told():
                self.web.get(url)
                status = self.web.execute_script(scripts.STATUS)
        except Broken as broken:
            if broken.net:
                self.url()  # says so if it was the guard who refused
            raise
        if isinstance(status, int) and status >= 500:
            raise Broken(SERVER_ERROR, net=True, status=str(status))
        self.url()

    def url(self) -> str:
        """Raises Broken when what is there is Chromium's own page about what it could not show."""
        with self._told():
            frame: Any = self.chrome.command("Page.getFrameTree")["frameTree"]
            lost, url = frame["frame"].get("unreachableUrl"), self.web.current_url
            place = urlsplit(url)
        self._check_guard(place)
        if lost:
            with self._told():
                warned = self.web.execute_script(scripts.WARNED)
            raise Broken(troubles.CERTIFICATE) if warned else Broken(troubles.NETWORK[""], net=True)
        return url

    def _check_guard(self, place: SplitResult) -> None:
        if place.hostname and self.blocked(f"{place.hostname}:{place.port or USUAL.get(place.scheme)}"):
            raise Broken(NO_WAY, host=place.hostname)

    def look(self, selectors: Sequence[str]) -> list[Seen]:
        with self._told():
            found = self.web.execute_script(scripts.LOOK, [located(s) for s in selectors])
            if NO_SELECTOR in found:
                raise Broken(troubles.SELECTOR, selector=selectors[found.index(NO_SELECTOR)])
            return [Seen(n) for n in found]

    def _find(self, selector: str) -> WebElement:
        found = self.web.execute_script(scripts.FIND, *located(selector))
        if not isinstance(found, WebElement):
            raise Missing
        return found

    def click(self, selector: str) -> None:
        with self._told():
            self._find(selector).click()

    def type(self, selector: str, text: str, *, clear: bool, enter: bool) -> None:
        with self._told():
            field = self._find(selector)
            if clear:
                field.clear()
            field.send_keys(text, *([Keys.ENTER] if enter else []))

    def choose(self, selector: str, option: str) -> None:
        with self._told():
            field = self._find(selector)
            if field.tag_name == "select":
                _select(Select(field), option)
            else:
                self._choose_apart(field, option)

    def _choose_apart(self, field: WebElement, option: str) -> None:
        """A list made of other things: opened by a click, its options appear somewhere."""
        wanted = f"xpath://*[@role='option' or self::li][normalize-space(.)={quoted(option)}]"
        if self.look([wanted])[0] is not Seen.VISIBLE:
            field.click()
        self._find(wanted).click()

    def upload(self, selector: str, file: Path) -> None:
        with self._told():
            self._find(selector).send_keys(str(file))

    def download(self, selector: str, seconds: float) -> Path:
        before = set(self.chrome.downloads.iterdir())
        self.click(selector)
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not self.stop.is_set():
            new = [f for f in self.chrome.downloads.iterdir() if f not in before and f.suffix not in UNFINISHED]
            if new and not list(self.chrome.downloads.glob("*.crdownload")):
                return self._taken(new[0])
            self.pause()
        raise Broken(NO_FILE)

    def _taken(self, file: Path) -> Path:
        if file.stat().st_size > FILE_MAX:
            raise Broken(BIG_FILE)
        self.into.mkdir(parents=True, exist_ok=True)
        return Path(shutil.move(file, self.into / file.name))

    def text(self, selector: str, attribute: str) -> str:
        with self._told():
            found = self._find(selector)
            said = found.get_dom_attribute(attribute) if attribute else self.web.execute_script(scripts.TEXT, found)
        return str(said or "")

    def html(self, selector: str) -> str:
        with self._told():
            return str(self._find(selector).get_property("outerHTML"))

    def disabled(self, selector: str) -> bool:
        with self._told():
            return bool(self.web.execute_script(scripts.DISABLED, self._find(selector)))

    def items(self, each: str, take: Sequence[str]) -> list[list[str]]:
        with self._told():
            found = self.web.execute_script(scripts.ITEMS, located(each), [located(t) for t in take])
            return [list(map(str, texts)) for texts in found]

    def enter(self, frame: str) -> None:
        with self._told():
            self.web.switch_to.frame(self._find(frame))

    def leave(self) -> None:
        with self._told():
            self.web.switch_to.parent_frame()

    def window(self, to: Literal["new", "first", "close"]) -> None:
        with self._told():
            if to == "close":
                if len(self.web.window_handles) == 1:
                    raise Broken(LAST_WINDOW)
                self.web.close()
            handles = self.web.window_handles
            if to == "new" and len(handles) == 1:
                raise Missing
            self.web.switch_to.window(handles[-1 if to == "new" else 0])

    def alert(self, answer: Literal["accept", "dismiss"], text: str) -> str:
        with self._told():
            box = self.web.switch_to.alert
            said = box.text
            if text:
                box.send_keys(text)
            if answer == "accept":
                box.accept()
            else:
                box.dismiss()
        return said

    def picture(self, name: str, secrets: Sequence[str]) -> str:
        try:
            with self._told():
                self.web.switch_to.alert  # noqa: B018 - while a box is open nothing can be looked at
        except Missing:
            with self._told():
                return pictures.take(self.chrome, self.into, name, secrets)
        return ""

    def pause(self) -> None:
        self.stop.wait(PAUSE_S)


def _select(field: Select, option: str) -> None:
    """By its text, else by its value."""
    texts = [each.text.strip() for each in field.options]
    if option in texts:
        field.select_by_index(texts.index(option))
    else:
        field.select_by_value(option)
