"""Live pages: one stream per browser, nudges merged, nothing missed between page and stream, nothing typed lost."""

import time

import pytest
from selenium.webdriver.common.by import By

from tests.web.conftest import Stage

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
LATE = """const [at, done] = arguments;
  const port = new SharedWorker(document.body.dataset.worker, {name: "late"}).port;
  port.onmessage = ({data}) => data.topic && done(data.topic);
  port.postMessage({say: "hello", url: "/live", at});"""
NO_WORKER = {"source": "delete window.SharedWorker;"}


def listen(stage: Stage) -> None:
    """Open the page and wait until its stream is there."""
    stage.open("/escena/ficha")
    deadline = time.monotonic() + 6
    while not stage.office.live.listeners:
        assert time.monotonic() < deadline, "no stream came"
        time.sleep(0.02)
    time.sleep(0.1)


def beats(stage: Stage, number: int) -> None:
    stage.until(f"return document.querySelector('#beat b').textContent === '{number}'")


def hang_up(stage: Stage) -> None:
    """End the open streams, as a server does that stops; then let it answer again."""
    stage.office.live.end_all()
    deadline = time.monotonic() + 6
    while stage.office.live.listeners:
        assert time.monotonic() < deadline, "the stream did not end"
        time.sleep(0.02)
    stage.office.live.closing = False


def test_it_works(stage: Stage) -> None:
    listen(stage)
    stage.touch("stage-1")
    beats(stage, 1)


def test_many_nudges_are_two_requests_not_many(stage: Stage) -> None:
    listen(stage)
    for _ in range(8):
        stage.touch("stage-1")
    time.sleep(2.2)
    assert stage.beat() == 2, "one at once, and one for all that came within the second"


def test_a_topic_nobody_shows_asks_for_nothing(stage: Stage) -> None:
    listen(stage)
    stage.touch("stage-99")
    time.sleep(0.5)
    assert stage.beat() == 0


def test_two_tabs_share_one_stream_and_both_hear(stage: Stage) -> None:
    listen(stage)
    first = stage.browser.current_window_handle
    stage.browser.switch_to.new_window("tab")
    listen(stage)
    assert stage.touch("stage-1") == 1
    stage.until("return Number(document.querySelector('#beat b').textContent) > 0")
    stage.browser.close()
    stage.browser.switch_to.window(first)
    stage.until("return Number(document.querySelector('#beat b').textContent) > 0")
    assert stage.touch("stage-1") == 1


def test_a_nudge_between_page_and_stream_is_not_missed(stage: Stage) -> None:
    stage.open("/escena/ficha")
    at = stage.js("return document.body.dataset.liveAt")
    stage.open("/escena")
    stage.touch("stage-1")
    time.sleep(0.3)
    assert stage.browser.execute_async_script(LATE, at) == "stage-1"


def test_without_workers_one_tab_leads_and_another_takes_over(stage: Stage) -> None:
    stage.browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", NO_WORKER)
    listen(stage)
    leader = stage.browser.current_window_handle
    stage.browser.switch_to.new_window("tab")
    stage.browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", NO_WORKER)
    listen(stage)
    assert stage.touch("stage-1") == 1
    stage.until("return document.querySelector('#beat b').textContent > 0")
    follower = stage.browser.current_window_handle
    stage.browser.switch_to.window(leader)
    stage.browser.close()
    stage.browser.switch_to.window(follower)
    before = stage.beat()
    time.sleep(3)
    assert stage.touch("stage-1") == 1
    stage.until(f"return document.querySelector('#beat b').textContent > {before}")


def test_a_region_is_not_replaced_under_the_hands_of_who_types(stage: Stage) -> None:
    listen(stage)
    reply = stage.browser.find_element(By.ID, "reply")
    reply.send_keys("Buenas")
    stage.touch("stage-1")
    time.sleep(0.6)
    assert (stage.js("return document.querySelector('#beat b').textContent"), reply.get_property("value")) == (
        "0",
        "Buenas",
    )
    stage.js("document.activeElement.blur()")
    stage.until("return document.querySelector('#beat b').textContent !== '0'")
    assert stage.js("return document.querySelector('#reply').value") == "Buenas"


def test_a_lost_server_shows_the_bar_and_its_return_reads_again(stage: Stage) -> None:
    listen(stage)
    stage.office.state["down"] = True
    hang_up(stage)
    stage.until("return !document.querySelector('#offline').hidden", wait_s=12)
    assert "Sin conexión con el servidor" in stage.js("return document.querySelector('#offline').innerText")
    before = stage.beat()
    stage.office.live.boot = "started-anew"
    stage.office.state["down"] = False
    stage.js("document.querySelector('[data-do=reconnect]').click()")
    stage.until(
        f"return document.querySelector('#offline').hidden && document.querySelector('#beat b').textContent > {before}"
    )


def test_a_closed_session_says_so_and_keeps_the_page(stage: Stage) -> None:
    listen(stage)
    stage.office.state["closed"] = True
    hang_up(stage)
    stage.until("return document.querySelector('#toasts').innerText.includes('La sesión terminó')")
    assert stage.js("return location.pathname") == "/escena/ficha"
