"""What every part of a run stands on: the page, the job, waiting with open eyes, texts filled in and cleaned."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from drivers.browser.outcome import Expired, PersonNeeded, Result, Stopped, without
from drivers.browser.page import Broken, Missing, Page, Seen
from drivers.browser.reading import PLACE
from drivers.browser.rules import Rules
from drivers.browser.site import CAPTCHAS, SECOND_FACTORS, Site
from drivers.browser.steps import Recipe
from drivers.contract import N_

T = TypeVar("T")
CAPTCHA = N_("El sitio pide comprobar que es una persona (captcha).")
FACTOR = N_("El sitio pide un segundo factor.")
PERSON = N_("El sitio pide algo que debe hacer una persona.")
PERSON_STEPS = N_("Entre usted al sitio con un navegador y resuélvalo.\nLuego ejecute la receta de nuevo.")
FORBIDDEN = N_("Paso %(step)s (%(verb)s): «%(host)s» no está entre los sitios permitidos.")


@dataclass(frozen=True)
class Job:
    """One run: what to do, with what. `secrets`: user, password, secret. `pictures`: every, failure, never."""

    recipe: Recipe
    site: Site
    rules: Rules
    inputs: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    pictures: str = "failure"
    wait_s: float = 10
    stopped: Callable[[], bool] = lambda: False
    clock: Callable[[], float] = time.monotonic


class Ground:
    """One run's standing."""

    def __init__(self, page: Page, job: Job) -> None:
        self.page, self.job, self.result = page, job, Result()
        self.ends = job.clock() + job.recipe.seconds
        self.logging_in = False
        self._hidden = tuple(v for k, v in job.secrets.items() if k != "user" and len(v) > 3)
        login = job.site.login
        self._outside = [login.outside] if login else []
        self.watched = [*self._outside, *CAPTCHAS, *SECOND_FACTORS, *job.site.person]

    def react(self, seen: list[Seen]) -> None:
        """To what only a person may do, and to the log-in form."""
        visible = {selector for selector, how in zip(self.watched, seen, strict=True) if how is Seen.VISIBLE}
        for marks, sentence in ((CAPTCHAS, CAPTCHA), (SECOND_FACTORS, FACTOR), (self.job.site.person, PERSON)):
            if visible.intersection(marks):
                raise PersonNeeded(sentence, PERSON_STEPS)
        if visible.intersection(self._outside) and not self.logging_in:
            raise Expired

    def allowed(self, url: str) -> None:
        parts = urlsplit(url)
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            port = 0
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or not self.job.rules.name(host, port):
            raise Broken(FORBIDDEN, host=host or parts.scheme)

    def on(self, selector: str, act: Callable[[str], T], *, hidden: bool = False) -> T:
        """Do something to what is on the page, as soon as it is."""
        on = self.fill(selector)
        self.wait_for(on, hidden=hidden)
        found: list[T] = []
        self.until(lambda: self.tried(lambda: found.append(act(on))))
        return found[-1]

    def tried(self, act: Callable[[], Any]) -> bool:
        try:
            act()
        except Missing:
            return False
        return True

    def wait_for(self, selector: str, *, hidden: bool = False, seconds: float = 0) -> None:
        least = Seen.HIDDEN if hidden or selector == "html" else Seen.VISIBLE
        self.until(lambda: self._sees(selector) >= least, seconds)

    def _sees(self, selector: str) -> Seen:
        seen = self.page.look([selector, *self.watched])
        if seen[0] is not Seen.VISIBLE:
            self.react(seen[1:])
        return seen[0]

    def watch(self) -> bool:
        """React to what came up; False, so that waiting goes on."""
        self.react(self.page.look(self.watched))
        return False

    def until(self, holds: Callable[[], bool], seconds: float = 0) -> None:
        """Raises Missing when the time is over."""
        ends = min(self.job.clock() + (seconds or self.job.wait_s), self.ends)
        while not holds():
            if self.job.stopped():
                raise Stopped
            if self.job.clock() >= ends:
                raise Missing
            self.page.pause()

    def fill(self, text: str, *, secrets: bool = False) -> str:
        """With its ${names}. Secrets only where they are typed."""
        known = {k: str(v) for k, v in self.result.values.items()} | dict(self.job.inputs)
        if secrets:
            known |= self.job.secrets
        return PLACE.sub(lambda found: known.get(found[1], ""), text)

    def safe(self, text: str) -> str:
        return without(self._hidden, text)
