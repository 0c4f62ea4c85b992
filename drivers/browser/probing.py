""""Test connection": the browser starts, and the site answers."""

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from drivers.browser.chrome import Chrome, programs, version
from drivers.browser.chrome_page import ChromePage
from drivers.browser.guard import guarding
from drivers.browser.page import Broken
from drivers.browser.rules import Rules
from drivers.browser.session import apart, once_more
from drivers.browser.settings import BrowserSettings
from drivers.browser.site import Site
from drivers.contract import N_, NeedsHuman, NotReady, Probe

CHECK = N_("Revise la dirección del sitio y la red.\nPruebe de nuevo.")
PLACE = {"step": "1", "verb": "open"}


async def probe(settings: BrowserSettings, site: Site, rules: Rules) -> Probe:
    try:
        async with guarding(rules) as guard:
            trial = Trial(settings, site, guard.port, lambda host: guard.blocked[host] > 0)
            facts = await apart(trial.work, trial.end)
    except NeedsHuman as error:
        return Probe(ok=False, sentence=str(error), what_to_do=error.what_to_do)
    except NotReady as error:
        return Probe(ok=False, sentence=str(error), what_to_do=CHECK)
    except Broken as error:
        return Probe(ok=False, sentence=error.sentence % (PLACE | error.facts), what_to_do=CHECK)
    return Probe(ok=True, sentence=N_("El navegador arranca y el sitio responde."), facts=facts)


class Trial:
    """A browser that opens the site's first page."""

    def __init__(self, settings: BrowserSettings, site: Site, port: int, blocked: Callable[[str], bool]) -> None:
        self.settings, self.site, self.port, self.blocked = settings, site, port, blocked
        self.stop = threading.Event()
        self.chrome: Chrome | None = None

    def work(self) -> dict[str, str]:
        return once_more(self._in_a_browser)

    def _in_a_browser(self) -> dict[str, str]:
        browser, driver = programs(self.settings.browser)
        self.chrome = Chrome(browser, driver, self.port, self.settings.page_s)
        try:
            self.chrome.start([])
            if self.site.base:
                page = ChromePage(self.chrome, Path(tempfile.gettempdir()), self.stop, self.blocked)
                page.open(self.site.base)
                page.url()
            return {N_("Navegador"): version(browser), N_("Sitio"): self.site.host or "-"}
        finally:
            self.chrome.kill()

    def end(self) -> None:
        self.stop.set()
        if self.chrome:
            self.chrome.let_go()
