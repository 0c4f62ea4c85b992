"""The browser as a driver: one site, one person's way in, recipes as they are asked for."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from drivers.browser.chrome import Chrome, programs, version
from drivers.browser.ground import Job
from drivers.browser.guard import Guard, guarding
from drivers.browser.outcome import Result, RunFailed, Stopped
from drivers.browser.probing import probe
from drivers.browser.reading import RecipeError, every, read_recipe
from drivers.browser.rules import Rules
from drivers.browser.session import Session, apart
from drivers.browser.settings import BrowserSettings, CheckRecipe, RunRecipe
from drivers.browser.site import Site, read_site
from drivers.contract import N_, Action, Driver, NeedsHuman, NotReady, Probe, SendError, Sink

COOKIES = "cookies"
GRACE_S = 45.0  # to start, and for the last step; a recipe looks at its own limit between steps
SITE_STEPS = N_("Abra Ajustes, corrija el sitio y guarde.")
STOPPED = N_("El navegador se detuvo.")
STOPPED_HALFWAY = N_("El navegador se detuvo a media receta: quizá algo cambió en el sitio. Revíselo.")
BAD_HOST = N_("«%(host)s» no es un sitio. Escriba un nombre por línea, sin https://.")


class BrowserDriver(Driver[BrowserSettings]):
    """Each run has a browser of its own, with the cookies that the last one left."""

    kind = "browser"
    title = N_("Navegador")
    icon = "world-www"
    Settings = BrowserSettings
    does = {"run": RunRecipe, "check": CheckRecipe}

    def __init__(self, settings: BrowserSettings) -> None:
        super().__init__(settings)
        self._guard: Guard | None = None
        self._sink: Sink | None = None
        self._turns = asyncio.Semaphore(settings.sessions)
        self._runs: set[asyncio.Task[Result]] = set()
        self._count = 0

    async def run(self, sink: Sink) -> None:
        site, rules = self.site()
        browser, _driver = await apart(lambda: programs(self.settings.browser), lambda: None)
        said = await apart(lambda: version(browser), lambda: None)
        async with guarding(rules) as guard:
            self._guard, self._sink = guard, sink
            try:
                sink.ready(identity=site.host or said, note="" if site.host else said)
                await asyncio.Event().wait()
            finally:
                self._guard = self._sink = None
                await self._end_runs()

    def site(self) -> tuple[Site, Rules]:
        """Raises NeedsHuman when the settings are wrong."""
        try:
            site = read_site(self.settings.site)
            return site, Rules([site.host, *self.settings.hosts.splitlines()], private=self.settings.private)
        except RecipeError as error:
            raise NeedsHuman(error.sentence, SITE_STEPS, **error.facts) from error
        except ValueError as error:
            raise NeedsHuman(BAD_HOST, SITE_STEPS, host=str(error)) from error

    async def _end_runs(self) -> None:
        runs = list(self._runs)
        for each in runs:
            each.cancel()
        await asyncio.gather(*runs, return_exceptions=True)

    async def do(self, action: Action) -> Any:
        match action:
            case RunRecipe():
                return await self._run_recipe(action)
            case CheckRecipe():
                recipe = read_recipe(action.recipe)
                return {"name": recipe.name, "inputs": recipe.inputs, "steps": sum(1 for _ in every(recipe.steps))}
        return await super().do(action)

    async def _run_recipe(self, action: RunRecipe) -> Result:
        """Raises RecipeError, RunFailed, PersonNeeded, NotReady; cancelled, it ends within a second."""
        job = self._job(action)
        task = asyncio.ensure_future(self._in_turn(job, action.into))
        self._runs.add(task)
        task.add_done_callback(self._runs.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.cancelled():  # it is we who were cancelled
                task.cancel()
                await asyncio.wait({task})
                _heard(task)
                raise
            raise NotReady(STOPPED) from None  # before its turn came

    def _job(self, action: RunRecipe) -> Job:
        recipe = read_recipe(action.recipe)
        site, rules = self.site()
        inputs, files = _mapping(action.inputs), _mapping(action.files)
        missing = next((name for name in recipe.inputs if name not in inputs), None)
        if missing is not None:
            raise RecipeError(N_("Falta el dato «%(name)s»."), name=missing)
        recipe = msgspec.structs.replace(recipe, seconds=min(recipe.seconds, self.settings.max_s))
        secrets = {"user": self.settings.user, "password": self.settings.password, "secret": self.settings.secret}
        return Job(
            recipe=recipe, site=site, rules=rules, inputs=inputs, files={k: Path(v) for k, v in files.items()},
            secrets=secrets, pictures=action.pictures, wait_s=self.settings.wait_s,
        )  # fmt: skip

    async def _in_turn(self, job: Job, into: str) -> Result:
        guard, sink = self._guard, self._sink
        if guard is None or sink is None:
            raise NotReady(N_("El navegador no está listo."))
        async with self._turns:
            return await self._session(job, Path(into) if into else None, guard, sink)

    async def _session(self, job: Job, into: Path | None, guard: Guard, sink: Sink) -> Result:
        browser, driver = programs(self.settings.browser)
        before = dict(guard.blocked)

        def refused(host: str) -> bool:
            return guard.blocked[host] > before.get(host, 0)

        session = Session(job, lambda: Chrome(browser, driver, guard.port, self.settings.page_s), into, refused)
        cookies = await sink.recall(COOKIES)
        try:
            async with asyncio.timeout(job.recipe.seconds + GRACE_S):
                result = await apart(lambda: session.work(cookies), session.end)
        except TimeoutError as error:
            raise RunFailed(True, "time", N_("La receta no terminó a tiempo y se detuvo.")) from error
        except (Stopped, asyncio.CancelledError) as error:
            if session.wrote:
                raise RunFailed(True, "stopped", STOPPED_HALFWAY) from error
            raise NotReady(STOPPED) from error
        finally:
            if session.cookies is not None:
                await sink.remember(COOKIES, session.cookies)
        self._count += 1
        result.blocked = {h: n - before.get(h, 0) for h, n in guard.blocked.items() if n > before.get(h, 0)}
        return result

    async def describe(self) -> Mapping[str, str]:
        site, _rules = self.site()
        return {
            N_("Sitio"): site.host or "-",
            N_("Páginas"): ", ".join(site.pages) or "-",
            N_("En marcha"): str(len(self._runs)),
            N_("Recetas hechas"): str(self._count),
        }

    async def probe(self) -> Probe:
        try:
            site, rules = self.site()
        except NeedsHuman as error:
            return Probe(ok=False, sentence=str(error), what_to_do=error.what_to_do)
        return await probe(self.settings, site, rules)


def _heard(task: "asyncio.Task[Any]") -> None:
    """Nobody asks any more how it ended."""
    if not task.cancelled():
        task.exception()


def _mapping(text: str) -> dict[str, str]:
    try:
        return msgspec.json.decode(text or "{}", type=dict[str, str], strict=False)
    except msgspec.MsgspecError as error:
        raise SendError(True, "usage", N_("Los datos y archivos se dan como JSON de nombres y textos.")) from error


DRIVER = BrowserDriver
