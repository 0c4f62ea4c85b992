"""Two minutes before a session ends, in real tabs: one press, and nothing that was typed is lost."""

import asyncio
import time
from datetime import timedelta

import pytest
from selenium.webdriver.common.keys import Keys

from app.accounts.cache import TTL_S
from app.accounts.models import Session
from app.frame.db import Database, now_utc
from tests.accounts.test_in_browser import PASSWORD, click, fill, find, open_office

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOWN = "return document.querySelector('#session').open"
TYPED = "Llamar el martes, prefiere la tarde"


def ends_in(live_server, seconds):
    """Every session of the office ends that soon, also for the running server."""

    async def change():
        database = Database(f"sqlite+aiosqlite:///{live_server.data / 'centralita.db'}")
        async with database.unit() as db:
            ends = now_utc() + timedelta(seconds=seconds + TTL_S)
            await db.execute(Session.__table__.update().values(expires_at=ends))
        await database.close()

    asyncio.run(change())
    time.sleep(TTL_S)


def until(browser, script, wait_s=20):
    return browser.wait(lambda b: b.execute_script(script), wait_s)


def write(browser, live_server):
    browser.get(f"{live_server.url}/contactos/nuevo")
    fill(browser, name="Nidia Arce", notes=TYPED)


@pytest.fixture
def office(browser, live_server):
    open_office(browser, live_server.url)
    return live_server


def test_it_works(browser, office, axe):
    """Two tabs: one press of Enter in one of them keeps both."""
    ends_in(office, 124)
    browser.get(f"{office.url}/ajustes")
    first = browser.current_window_handle
    browser.switch_to.new_window("tab")
    write(browser, office)
    until(browser, SHOWN)
    assert "Seguir conectado" in browser.switch_to.active_element.text
    for dark in (False, True):
        browser.dark(dark)
        assert axe(browser) == []
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    until(browser, "return !document.querySelector('#session').open")
    assert browser.switch_to.active_element.get_attribute("name") == "notes", "the focus is where it was"
    assert find(browser, "[name=notes]").get_property("value") == TYPED
    browser.switch_to.window(first)
    until(browser, "return !document.querySelector('#session').open")
    browser.get(f"{office.url}/ajustes")
    assert browser.execute_script("return Number(document.body.dataset.sessionLeft)") > 86_000
    assert browser.complaints() == []


def test_the_dialog_waits_for_the_end_of_a_word(browser, office):
    ends_in(office, 123)
    write(browser, office)
    notes, words = find(browser, "[name=notes]"), 0
    while not browser.execute_script(
        "return Number(document.body.dataset.sessionLeft) - performance.now() / 1000 < 117"
    ):
        notes.send_keys(" y")
        words += 1
    assert words > 3
    assert not browser.execute_script(SHOWN)
    assert notes.get_property("value") == TYPED + " y" * words
    until(browser, SHOWN)


def test_who_comes_in_again_in_another_tab_goes_on_in_the_first(browser, office, axe):
    ends_in(office, 15)
    browser.get(f"{office.url}/contactos/nuevo")
    until(browser, SHOWN)
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    until(browser, "return !document.querySelector('#session').open")
    fill(browser, name="Nidia Arce", notes=TYPED)
    until(browser, SHOWN)
    assert "La sesión terminó" in find(browser, "#session").text
    assert "Seguir conectado" not in find(browser, "#session").text
    assert axe(browser) == []
    first = browser.current_window_handle
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    browser.wait(lambda b: len(b.window_handles) == 2)
    browser.switch_to.window(next(w for w in browser.window_handles if w != first))
    fill(browser, name="mariana", password=PASSWORD)
    click(browser, "button[type=submit]")
    until(browser, "return location.pathname === '/sesion' && document.readyState === 'complete'")
    assert axe(browser) == []
    browser.close()
    browser.switch_to.window(first)
    until(browser, "return !document.querySelector('#session').open")
    assert find(browser, "[name=notes]").get_property("value") == TYPED
    click(browser, "main form button[type=submit]")
    browser.wait(lambda b: "/contactos/nuevo" not in b.current_url)
    assert "Nidia Arce" in find(browser, "h1").text
