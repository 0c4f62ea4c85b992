"""Forms that lose nothing: mistakes, drafts, locks, uploads, failures, toasts that outlive the page."""

import time
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By

from tests.web.conftest import Stage

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
WATCH = """window.seen = []; const line = document.querySelector("[data-upload-text]");
  new MutationObserver(() => seen.push(line.textContent)).observe(line, {childList: true});"""
SLOW = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 1_500_000}
SEND = "document.querySelector('#f').requestSubmit()"


def fill(stage: Stage, field: str, words: str) -> None:
    stage.browser.find_element(By.ID, f"f-{field}").send_keys(words)


def leave(stage: Stage) -> None:
    """To another page, past the question about unsaved changes."""
    stage.js("document.querySelectorAll('form').forEach(f => delete f.dataset.dirty)")
    stage.open("/escena")


def test_it_works(stage: Stage) -> None:
    stage.open("/escena/ficha?mal=1")
    assert stage.js("return document.activeElement.name") == "phone"
    described = stage.js("return document.activeElement.getAttribute('aria-describedby')").split()
    assert stage.browser.find_element(By.ID, described[1]).text == "En Costa Rica son 8 dígitos. Falta 1."
    assert "Revise 1 campo" in stage.js("return document.querySelector('[data-errors]').innerText")


def test_a_refused_form_keeps_what_was_typed_and_points_to_the_mistake(stage: Stage) -> None:
    stage.open("/escena/ficha")
    fill(stage, "name", "Ana «Nana» Solís")
    fill(stage, "phone", "8812 345")
    stage.js(SEND)
    stage.until("return document.activeElement.getAttribute('aria-invalid') === 'true'")
    assert stage.js("return document.querySelector('#f-name').value") == "Ana «Nana» Solís"
    assert [c for c in stage.browser.complaints() if "Content Security Policy" in c] == []


def test_the_toast_of_a_redirect_is_shown_on_the_next_page_once(stage: Stage) -> None:
    stage.open("/escena/ficha")
    fill(stage, "name", "Ana")
    fill(stage, "phone", "88123456")
    stage.js(SEND)
    stage.until(
        "return location.pathname === '/escena' && document.querySelector('#toasts')?.innerText.includes('Guardado')"
    )
    stage.open("/escena/ficha")
    assert stage.toasts() == ""


def test_a_second_click_while_the_first_is_on_its_way_sends_nothing(stage: Stage) -> None:
    stage.open("/escena/ficha")
    stage.js("document.querySelector('#f').removeAttribute('hx-disable')")
    fill(stage, "name", "Ana")
    fill(stage, "phone", "88123456")
    stage.asked()
    button = stage.browser.find_element(By.CSS_SELECTOR, "#f button[type=submit]")
    ActionChains(stage.browser).double_click(button).perform()
    stage.until("return location.pathname === '/escena'")
    assert [a for a in stage.asked() if a == "POST /escena/ficha"] == ["POST /escena/ficha"]


def test_after_an_answer_it_may_be_sent_again(stage: Stage) -> None:
    stage.open("/escena/ficha")
    fill(stage, "name", "Ana")
    fill(stage, "phone", "8812345")
    stage.js(SEND)
    stage.until("return document.activeElement.getAttribute('aria-invalid') === 'true'")
    fill(stage, "phone", "6")
    stage.js(SEND)
    stage.until("return location.pathname === '/escena'")


def test_a_draft_comes_back_and_can_be_dropped(stage: Stage) -> None:
    stage.open("/escena/ficha")
    fill(stage, "note", "Llamar después de las 14:00")
    stage.until("return document.querySelector('[data-draft-note]').textContent.startsWith('Borrador guardado')")
    leave(stage)
    stage.open("/escena/ficha")
    stage.until("return document.querySelector('#f-note').value === 'Llamar después de las 14:00'")
    stage.js("document.querySelector('.toast .link').click()")
    assert stage.js("return document.querySelector('#f-note').value") == ""
    stage.open("/escena/ficha")
    assert stage.js("return document.querySelector('#f-note').value") == ""


def test_a_saved_form_leaves_no_draft(stage: Stage) -> None:
    stage.open("/escena/ficha")
    fill(stage, "name", "Ana")
    fill(stage, "phone", "88123456")
    stage.until("return document.querySelector('[data-draft-note]').textContent !== ''")
    stage.js(SEND)
    stage.until("return location.pathname === '/escena'")
    stage.open("/escena/ficha")
    assert stage.js("return document.querySelector('#f-name').value") == ""


def test_a_lock_is_taken_once_a_minute_and_freed_on_leaving(stage: Stage) -> None:
    stage.open("/escena/ficha")
    fill(stage, "note", "muchas letras")
    leave(stage)
    assert stage.asked() == ["POST /escena/bloqueo", "DELETE /escena/bloqueo"]


def test_a_lost_lock_says_so(stage: Stage) -> None:
    stage.office.state["taken"] = True
    stage.open("/escena/ficha")
    fill(stage, "note", "x")
    stage.until("return document.querySelector('#toasts').innerText.includes('Otra persona tomó la edición')")


def test_who_is_taken_over_hears_it_before_typing_on(stage: Stage) -> None:
    stage.open("/escena/ficha")
    stage.until("return window.Centralita && document.body.dataset.live")
    stage.office.state["taken"] = True
    for _ in range(50):
        if stage.touch("stage-7"):
            break
        time.sleep(0.05)
    stage.until("return document.querySelector('#toasts').innerText.includes('Otra persona tomó la edición')")
    assert [a for a in stage.asked() if a.startswith("POST")] == [], "to ask takes and extends nothing"


def test_an_editor_that_was_only_opened_is_freed_on_leaving_and_kept_when_it_is_refused(stage: Stage) -> None:
    stage.open("/escena/ficha")
    fill(stage, "name", "Ana")
    stage.js(f"document.querySelector('#f').setAttribute('hx-swap', 'outerHTML'); {SEND}")
    stage.until("return document.activeElement.getAttribute('aria-invalid') === 'true'")
    assert "DELETE /escena/bloqueo" not in stage.asked()
    leave(stage)
    stage.open("/escena/ficha")
    stage.asked()
    leave(stage)
    assert stage.asked() == ["DELETE /escena/bloqueo"]


def test_a_file_goes_with_progress(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "lista.csv"
    file.write_bytes(b"a;b\n" * 500_000)
    stage.open("/escena/ficha")
    stage.browser.execute_cdp_cmd("Network.enable", {})
    stage.browser.execute_cdp_cmd("Network.emulateNetworkConditions", SLOW)
    stage.browser.find_element(By.ID, "f-file").send_keys(str(file))
    stage.js(WATCH + "document.querySelector('#up').requestSubmit()")
    stage.until("return document.querySelector('#got')?.textContent === '2000000'")
    assert any(words.startswith("Enviando: ") for words in stage.js("return window.seen"))


def test_a_broken_answer_says_what_to_do_and_gives_the_reference(stage: Stage) -> None:
    stage.open("/escena/ficha")
    stage.js("document.querySelector('#break').click()")
    stage.until("return document.querySelector('.toast.danger')")
    assert "Referencia " in stage.toasts()
    assert "Reintentar" in stage.toasts()


def test_a_panel_that_failed_is_asked_again_alone(stage: Stage) -> None:
    stage.open("/escena/ficha")
    stage.until("return document.querySelector('.slot .error-fragment')")
    stage.js("document.querySelector('.error-fragment .btn').click()")
    stage.until("return document.querySelector('#panel') && !document.querySelector('.error-fragment')")
