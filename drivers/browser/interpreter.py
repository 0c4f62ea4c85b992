"""Carries out a recipe on a page. No browser, no clock and no network of its own in here.

When the log-in form shows up, the run logs in and goes on: an `open` is opened again, a step that only reads is read
again from the page it stood on, a recipe that says `again` begins anew. A step that may have changed something is never
repeated. A second expiry ends the run.
"""

from contextlib import suppress
from typing import Any

from drivers.browser import gathering
from drivers.browser import steps as s
from drivers.browser.ground import PERSON_STEPS, Ground, Job
from drivers.browser.outcome import Done, Expired, PersonNeeded, Result, RunFailed, Stopped
from drivers.browser.page import Boxed, Broken, Missing, Page, Seen
from drivers.browser.values import value
from drivers.contract import N_

LOGINS_MAX = 2  # to get in, and once more
REFUSED = N_("El sitio no acepta el usuario o la contraseña.")
NO_PAGE = N_("Paso %(step)s (%(verb)s): el sitio no tiene la página «%(page)s».")
UNMET = N_("Paso %(step)s (%(verb)s): no se cumple lo esperado.")
MISSING = N_("Paso %(step)s (%(verb)s): no aparece lo que se busca.")
UNREADABLE = N_("Paso %(step)s (%(verb)s): lo que dice la página no se puede leer.")
EXPIRED = N_("La sesión venció y la receta no dice que se pueda repetir.")
SAYS = N_("Paso %(step)s: %(says)s")
REFUSED_STEPS = N_("Compruebe en un navegador que puede entrar.\nCorrija los datos secretos en Ajustes.")


class Interpreter(Ground):
    """Call `run` once."""

    def __init__(self, page: Page, job: Job) -> None:
        super().__init__(page, job)
        self._count = 0
        self.wrote = False
        self._pictured = False
        self._here = ""  # the last address that was inside

    def run(self) -> Result:
        """Raises RunFailed, PersonNeeded, Stopped."""
        try:
            self._steps(self.job.recipe.steps)
        except Expired:
            if not self.job.recipe.again or self.result.logins >= LOGINS_MAX:
                raise self._failure("session", EXPIRED) from None
            self._log_in()
            self._steps(self.job.recipe.steps)
        return self.result

    def _steps(self, steps: tuple[s.Placed, ...]) -> None:
        for step in steps:
            self._step(step)

    def _step(self, step: s.Placed) -> None:
        self._count += 1
        self._check(step)
        began = self.job.clock()
        try:
            self._logged_in(step)
            picture = self._picture(step, "every")
        except (Missing, Broken, ValueError, PersonNeeded, RunFailed, Expired) as error:
            raise self._seen_off(step, error) from error
        self.result.steps.append(
            Done(step=step.path, verb=step.verb, seconds=round(self.job.clock() - began, 3), picture=picture)
        )

    def _check(self, step: s.Placed) -> None:
        """Limits, and whether somebody stopped us."""
        if self.job.stopped():
            raise Stopped
        if self._count > self.job.recipe.max_steps:
            raise self._failure("steps", N_("Paso %(step)s: la receta pasó de su límite de pasos."), step=step.path)
        if self.job.clock() > self.ends:
            raise self._failure("time", N_("Paso %(step)s: la receta pasó de su límite de tiempo."), step=step.path)

    def _logged_in(self, step: s.Placed) -> None:
        """Once more after a log-in, if that harms nobody."""
        if step.verb in s.WRITES and not self.logging_in and not self.job.recipe.again:
            self.wrote = True  # before it is tried: what breaks in the middle may have arrived
        try:
            self._do(step)
            self._settle(step)
        except Expired:
            repeatable = step.verb == "open" or step.verb not in s.WRITES | {"if", "repeat"}
            if self.logging_in or not repeatable:
                raise
            self._log_in()
            if step.verb != "open" and self._here:
                self.page.open(self._here)
            self._do(step)
            self._settle(step)

    def _settle(self, step: s.Placed) -> None:
        """What came up after a step that leads somewhere; where we are."""
        if step.verb in ("open", "click", "window"):
            with suppress(Boxed):  # the next step answers it
                self.react(self.page.look(self.watched))
                url = self.page.url()
                self._here = self._here if self.logging_in else url

    def _log_in(self) -> None:
        login = self.job.site.login
        if login is None or self.result.logins >= LOGINS_MAX:
            raise self._failure("session", N_("La sesión venció de nuevo. Se detuvo la receta."))
        self.result.logins += 1
        self.logging_in = True
        try:
            self._steps(login.steps)
            self.wait_for(login.inside or "html")
            self.until(lambda: self.page.look([login.outside])[0] is not Seen.VISIBLE)
        except Missing:
            raise PersonNeeded(REFUSED, REFUSED_STEPS) from None
        finally:
            self.logging_in = False

    # --- one step

    def _do(self, step: s.Placed) -> None:
        what = step.what
        match what:
            case s.Open():
                self._open(what)
            case s.Type():
                self.on(what.into, lambda on: self.page.type(
                    on, self.fill(what.text, secrets=True), clear=what.clear, enter=what.enter
                ))  # fmt: skip
            case s.Click():
                self.on(what.on, self.page.click)
            case s.Wait():
                self._wait(what)
            case s.Choose():
                self.on(what.in_, lambda on: self.page.choose(on, self.fill(what.option)))
            case s.Upload():
                self.on(what.into, lambda on: self.page.upload(on, self.job.files[self.fill(what.file)]), hidden=True)
            case s.Download():
                file = self.on(what.click, lambda on: self.page.download(on, what.seconds))
                self.result.files[what.as_] = str(file)
            case s.Read():
                self._read(what)
            case s.Table():
                self.result.rows[what.as_] = gathering.table(self, what)
            case s.ListOf():
                self.result.rows[what.as_] = gathering.items(self, what)
            case _:
                self._direct(step)

    def _direct(self, step: s.Placed) -> None:
        """Steps that say which steps come next, and those about windows and boxes."""
        what = step.what
        match what:
            case s.Assert():
                self._assert(what)
            case s.If():
                self._steps(what.then if self._holds(what) else what.else_)
            case s.Repeat():
                for _turn in range(what.times):
                    if not self._holds(what):
                        break
                    self._steps(what.do)
            case s.Frame():
                self._frame(what)
            case s.Window():
                self.until(lambda: self.tried(lambda: self.page.window(what.to)))
            case s.Alert():
                self._alert(what)
            case s.Screenshot():
                self._keep(self.fill(what.name))
            case s.Ask():
                raise PersonNeeded("%(says)s", PERSON_STEPS, says=self.fill(what.says))

    def _open(self, what: s.Open) -> None:
        if what.page and what.page not in self.job.site.pages:
            raise Broken(NO_PAGE, page=what.page)
        query = {k: self.fill(v) for k, v in what.query.items()}
        url = self.job.site.address(self.fill(what.url), what.page, query)
        self.allowed(url)
        self.page.open(url)

    def _wait(self, what: s.Wait) -> None:
        wanted = self.fill(what.for_)
        if what.gone:
            self.until(lambda: self.page.look([wanted])[0] is not Seen.VISIBLE, what.seconds)
        else:
            self.wait_for(wanted, seconds=what.seconds)

    def _read(self, what: s.Read) -> None:
        text = self.on(what.from_, lambda on: self.page.text(on, what.attribute))
        recipe = self.job.recipe
        self.result.values[what.as_] = value(self.safe(text), what.type, decimal=recipe.decimal, dates=recipe.dates)

    def _assert(self, what: s.Assert) -> None:
        try:
            self.until(lambda: self._holds(what), what.seconds)
        except Missing:
            raise Broken(SAYS if what.says else UNMET, says=what.says) from None

    def _holds(self, what: s.Condition) -> bool:
        """Every part that is said; nothing said always holds."""
        seen = self.page.look([self.fill(what.sees) or "html", self.fill(what.lacks) or "html", *self.watched])
        self.react(seen[2:])
        return (
            (not what.sees or seen[0] is Seen.VISIBLE)
            and (not what.lacks or seen[1] is not Seen.VISIBLE)
            and (what.equals is None or self.fill(what.value) == self.fill(what.equals))
            and (not what.page or self._is(what.page))
        )

    def _is(self, name: str) -> bool:
        """Whether the page recognises itself."""
        page = self.job.site.pages.get(name)
        if page is None or not self.job.site.could_be(name, self.page.url()):
            return False
        return not page.shows or self.page.look([page.shows])[0] is Seen.VISIBLE

    def _frame(self, what: s.Frame) -> None:
        self.on(what.in_, self.page.enter)
        try:
            self._steps(what.do)
        finally:
            self.page.leave()

    def _alert(self, what: s.Alert) -> None:
        said: list[str] = []
        self.until(lambda: self.tried(lambda: said.append(self.page.alert(what.answer, self.fill(what.text)))))
        if what.as_:
            self.result.values[what.as_] = self.safe(said[-1])

    # --- pictures and failures

    def _picture(self, step: s.Placed, when: str) -> str:
        if self.job.pictures == "never" or (when == "every" and self.job.pictures != "every"):
            return ""
        return self._keep(f"{self._count:03}-{step.path}-{step.verb}")

    def _keep(self, name: str) -> str:
        return self.page.picture(name, tuple(self.job.secrets.values()))

    def _seen_off(self, step: s.Placed, error: Exception) -> Exception:
        """The error as it leaves the run: with its step, and a picture of what was there."""
        if isinstance(error, Expired):
            return error
        if not self._pictured:
            self._pictured = True
            with suppress(Missing, Broken):  # of a browser that died there is no picture
                self._picture(step, "failure")
        if isinstance(error, RunFailed | PersonNeeded):
            return error
        place: dict[str, Any] = {"step": step.path, "verb": step.verb}
        if isinstance(error, Broken):
            facts = {k: self.safe(v) for k, v in error.facts.items()}
            return self._failure("page", error.sentence, net=error.net, **place, **facts)
        if isinstance(error, Missing):
            return self._failure("missing", MISSING, **place)
        return self._failure("value", UNREADABLE, **place)

    def _failure(self, code: str, sentence: str, *, net: bool = False, **facts: Any) -> RunFailed:
        return RunFailed(self.wrote or not net, code, sentence, **facts)
