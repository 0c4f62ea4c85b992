"""The beds themselves: a test bed that lies makes every other test lie."""

import asyncio
import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app.frame.child import ChildDied
from app.frame.settings import Settings
from app.main import create_app
from tests.beds.children import HandedOn
from tests.beds.offices import in_own_task
from tests.beds.servers import READY_S
from tests.frame.child_bed import Heard, until_gone

GOOD = b"<!doctype html><html lang=es><title>Bien</title><main><h1>Bien</h1></main></html>"
BAD = b"<!doctype html><html lang=es><title>Mal</title><main><h1>Mal</h1><img src='data:,'><input></main></html>"


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-security-policy", "default-src 'self'")
        self.send_header("set-cookie", "who=first")
        self.end_headers()
        self.wfile.write(BAD if self.path == "/bad" else GOOD)

    def log_message(self, *_args: object) -> None:
        """Quiet: the test's own output matters."""


@pytest.fixture
def pages() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


async def test_it_works(database, dialect):
    async with database.unit(write=False) as db:
        assert (await db.execute(text("SELECT 1"))).scalar_one() == 1
    assert database.dialect == dialect


async def test_what_one_test_writes_the_next_does_not_see(database):
    async with database.unit() as db:
        await db.execute(text("CREATE TABLE left_behind (id INTEGER)"))


@pytest.mark.parametrize("again", [1, 2])
async def test_each_test_starts_from_the_template(database, again):
    async with database.unit() as db:
        await db.execute(text("CREATE TABLE left_behind (id INTEGER)"))


@pytest.mark.sqlite_only
async def test_one_dialect_when_the_test_says_so(dialect):
    assert dialect == "sqlite"


async def test_the_office_answers_its_client(client):
    answer = await client.get("/no-such-page")
    assert answer.status_code == 404


@pytest.mark.sqlite_only
async def test_an_office_that_cannot_open_fails_the_bed_and_does_not_hang(tmp_path):
    broken = create_app(
        Settings(data=tmp_path, secret="x", database_url=f"sqlite+aiosqlite:///{tmp_path}/no/folder.db")
    )
    with pytest.raises(Exception, match="unhandled errors in a TaskGroup"):
        async with in_own_task(broken.lifespan()):
            pass


def test_postgresql_speaks_with_both_drivers(postgres):
    assert postgres.answers()
    assert postgres.url("x", "psycopg").startswith("postgresql+psycopg://")


@pytest.mark.browser
def test_browsers_are_two_people(browser, second_browser, pages):
    browser.get(pages)
    second_browser.get("about:blank")
    assert browser.get_cookies()
    assert not second_browser.get_cookies()


@pytest.mark.browser
def test_a_browser_that_is_handed_on_is_as_new(browser, pages, tmp_path):
    browser.get(pages)
    browser.execute_script("localStorage.kept = sessionStorage.kept = 'mine'; console.error('mine')")
    browser.dark()
    browser.phone()
    browser.switch_to.new_window("tab")
    browser.get(pages)
    browser.empty()
    browser.lands(tmp_path / "elsewhere")
    assert (len(browser.window_handles), browser.current_url) == (1, "about:blank")
    assert browser.complaints() == []
    browser.get(f"{pages}/?again")
    left = "return [localStorage.kept, sessionStorage.kept, matchMedia('(prefers-color-scheme: dark)').matches]"
    assert browser.execute_script(left) == [None, None, False]
    assert browser.execute_script("return innerWidth") > 1000
    assert browser.execute_script("return performance.getEntriesByType('navigation')[0].transferSize") > 0, "no cache"


@pytest.mark.browser
def test_the_browser_has_no_way_out(browser):
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        browser.get("http://example.invalid/")


@pytest.mark.browser
def test_axe_tells_good_from_bad_under_a_strict_policy(browser, pages, axe):
    browser.get(pages)
    assert axe(browser) == []
    browser.get(f"{pages}/bad")
    assert {problem.split()[0] for problem in axe(browser)} == {"image-alt", "label"}


@pytest.mark.browser
def test_a_live_server_opens_stops_and_opens_again(live_server):
    deadline = time.monotonic() + READY_S  # it says so a moment after it listens
    while f"Centralita: {live_server.url}\nEl asistente de la primera vez espera" not in live_server.said():
        assert time.monotonic() < deadline, live_server.said()
        time.sleep(0.01)
    assert live_server.stop() in (0, -15)
    live_server.start()
    live_server.kill()
    live_server.start()
    assert Path(live_server.data, "centralita.db").exists()


async def test_a_child_is_handed_on_while_it_lives():
    async def errand(name: str = "add") -> object:
        office = HandedOn()
        try:
            return (await office.run(f"tests.frame.child_errands:{name}", {"a": 1, "b": 2})).get("pid")
        finally:
            await office.close()

    first = await errand()
    assert await errand() == first
    with pytest.raises(ChildDied):
        await errand("die")
    assert await errand() not in (first, None)


async def test_a_child_at_work_is_not_handed_on():
    office, begun = HandedOn(), Heard()
    work = asyncio.create_task(office.run("tests.frame.child_errands:deaf", {}, begun))
    await begun.first.wait()
    pid = begun.data[0]["pid"]
    await office.close()
    with pytest.raises(ChildDied):
        await work
    await until_gone(pid)
