"""axe finds nothing serious on any page, for whoever may see it: in light, in dark, and on a telephone."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import uvicorn

from tests.beds.browsers import AXE, Browser
from tests.beds.cluster import free_port
from tests.journeys.places import walk
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.timeout(300)]

ROLES = ("irene", "diego", "carla", "ana")  # who may see most comes first
OUTSIDE = ("/entrar", "/invitacion/nada", "/nada")
TAG = re.compile(r"<(\w+)([^>]*)>")
TRAIT = re.compile(r'\b(?:class|role|type|name|aria-label|data-\w+)="[^"]*"')
NUMBER = re.compile(r"\d+")
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"runOnly": ["color-contrast"]},
    "phone": {"rules": {"color-contrast": {"enabled": False}}},
}
RUN = """const done = arguments[arguments.length - 1], options = arguments[0];
axe.run(document, {...options, resultTypes: ["violations"]}).then((found) => done(found.violations
  .filter((v) => ["serious", "critical"].includes(v.impact))
  .map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join("; ")}`)),
  (error) => done([String(error)]))"""
SIDEWAYS = "return document.documentElement.scrollWidth > innerWidth + 1"


def traits(page: str) -> frozenset[str]:
    """What axe may find fault with in a page; a page without any that was not looked at teaches nothing."""
    main = page.partition("<main")[2].partition("</main>")[0]
    found = {f"{tag} {' '.join(TRAIT.findall(rest))}" for tag, rest in TAG.findall(main)}
    return frozenset(NUMBER.sub("N", one) for one in found)


def worth_looking_at(pages: dict[str, str], known: set[str]) -> list[str]:
    """Those in which somebody sees what nobody saw before."""
    chosen = []
    for path, text in pages.items():
        if not (new := traits(text)) <= known:
            known |= new
            chosen.append(path)
    return chosen


@contextlib.asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """The office of this process on a socket."""
    port = free_port()
    config = uvicorn.Config(app, port=port, lifespan="off", log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        assert not serving.done(), "the office did not listen"
        await asyncio.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    app.state.office.live.end_all()
    server.should_exit = True
    await serving


def look(browser: Browser, url: str, path: str) -> list[str]:
    """The page in every look; its problems as sentences."""
    browser.get(url + path)
    found = []
    for name, options in LOOKS.items():
        browser.dark(name == "dark")
        if name == "phone":
            browser.phone()
        found += [f"{path} ({name}): {problem}" for problem in browser.execute_async_script(RUN, options)]
    found += [f"{path} (phone): scrolls sideways"] * bool(browser.execute_script(SIDEWAYS))
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    return found


def visit(browser: Browser, url: str, session: str, paths: list[str]) -> list[str]:
    browser.get(f"{url}/static/favicon.svg")
    browser.delete_all_cookies()
    if session:
        browser.add_cookie({"name": "centralita", "value": session, "httpOnly": True, "sameSite": "Lax"})
    return [problem for path in paths for problem in look(browser, url, path)]


async def test_it_works(app: Any, world: World, open_browser: Callable[[], Browser]) -> None:
    known: set[str] = set()
    async with served(app) as url:
        browser = await asyncio.to_thread(open_browser)
        browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": AXE.read_text("utf-8")})
        problems, looked = await asyncio.to_thread(visit, browser, url, "", list(OUTSIDE)), len(OUTSIDE)
        for who in ROLES:
            client = await world.client_as(who)
            paths = worth_looking_at((await walk(client, per_kind=1)).pages, known)
            looked += len(paths)
            problems += await asyncio.to_thread(visit, browser, url, client.cookies["centralita"], paths)
        await asyncio.to_thread(browser.get, "about:blank")
    assert looked > 40
    assert problems == [], "\n".join(problems)
    assert not [c for c in browser.complaints() if "404" not in c], "no script and no policy complained"


def test_a_page_teaches_something_only_if_it_shows_something_new() -> None:
    known: set[str] = set()
    wide = '<main><p class="a">1</p><input name="q1"></main>'
    assert worth_looking_at({"/x/1": wide, "/x/2": '<main><input name="q2"></main>'}, known) == ["/x/1"]
    assert worth_looking_at({"/y": wide, "/x/3": '<main><p class="b">3</p></main>'}, known) == ["/x/3"]
