"""A list under the keyboard: cursor, marks, ranges, the whole filter, row menu, delete with question and undo."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.web.conftest import Stage

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
MARKED = "return [...document.querySelectorAll('[data-item] input:checked')].map(b => b.value).join()"
BAR = "return document.querySelector('[data-bulk-count]').textContent"


def press(stage: Stage, *keys: str) -> None:
    for key in keys:
        ActionChains(stage.browser).send_keys(key).perform()


def test_it_works(stage: Stage) -> None:
    stage.open("/escena")
    press(stage, "j", "j")
    assert stage.js("return document.querySelector('.is-cursor').id + document.activeElement.textContent").startswith(
        "k-1María"
    )
    assert stage.browser.complaints() == []


def test_k_goes_back_enter_opens_and_the_question_mark_says_which_keys_there_are(stage: Stage) -> None:
    stage.open("/escena")
    press(stage, "j", "j", "j", "k")
    assert stage.js("return document.querySelector('.is-cursor').id") == "k-1"
    press(stage, "?")
    stage.until("return document.querySelector('#keys').open")
    shown = stage.js("return [...document.querySelectorAll('#keys kbd')].map(k => k.textContent)")
    assert {"j", "k", "/", "?"} <= set(shown)
    press(stage, Keys.ESCAPE)
    stage.until("return !document.querySelector('#keys').open")
    press(stage, Keys.ENTER)
    stage.until("return location.pathname + location.search === '/escena/ficha?n=1'")


def test_marks_ranges_and_the_whole_filter_reach_the_server(stage: Stage) -> None:
    stage.open("/escena")
    press(stage, "j", "x", "j", "j", "X")
    assert (stage.js(MARKED), stage.js(BAR)) == ("0,1,2", "3 marcados")
    stage.js("document.querySelector('[data-do=bulk-all]').click()")
    assert stage.js(BAR) == "60 marcados"
    stage.js("document.querySelector('#assign').click()")
    stage.until("return document.querySelector('#toasts').innerText.includes('todos=1')")
    press(stage, "x")
    assert stage.js("return document.querySelector('[data-bulk-all]').disabled"), (
        "one mark less is not the whole filter"
    )


def test_the_next_page_comes_when_the_end_comes_near(stage: Stage) -> None:
    stage.open("/escena")
    stage.js("document.querySelector('.table-wrap').scrollTop = 1e6")
    stage.until("return document.querySelectorAll('[data-item]').length >= 40")
    stage.js("document.querySelector('.table-wrap').scrollTop = 1e6")
    stage.until("return document.querySelectorAll('[data-item]').length === 60 && !document.querySelector('#more')")


def test_deleting_asks_names_it_can_be_undone_and_focus_goes_to_the_next_row(stage: Stage) -> None:
    stage.open("/escena")
    press(stage, "j", ".")
    stage.until("return document.querySelector('#menu-0').matches(':popover-open')")
    press(stage, Keys.ARROW_DOWN, Keys.ENTER)
    stage.until("return document.querySelector('#confirm').open")
    assert (
        stage.js("return document.querySelector('#confirm').innerText").split("\n")[0]
        == "¿Eliminar a Marvin Quesada Alfaro?"
    )
    assert stage.js("return document.activeElement.textContent") == "Cancelar"
    stage.js("document.querySelector('[data-verb]').click()")
    stage.until("return !document.querySelector('#k-0')")
    assert stage.js("return document.activeElement.closest('tr')?.id") == "k-1"
    stage.until("return document.querySelector('.toast .link')?.textContent === 'Deshacer'")
    stage.js("document.querySelector('.toast .link').click()")
    stage.until("return document.querySelector('#toasts').innerText.includes('Deshecho')")
    assert stage.asked() == ["DELETE /escena/filas/0", "POST /escena/deshacer"]


def test_cancelling_sends_nothing(stage: Stage) -> None:
    stage.open("/escena")
    stage.js("document.querySelector('#menu-0 button').click()")
    press(stage, Keys.ENTER)
    stage.until("return !document.querySelector('#confirm').open")
    assert stage.asked() == []


def test_searching_changes_the_address_and_back_restores_the_list(stage: Stage) -> None:
    stage.open("/escena")
    press(stage, "/")
    press(stage, "ana")
    stage.until("return location.search === '?q=ana'")
    stage.js("history.back()")
    stage.until("return location.search === '' && document.querySelectorAll('main [data-item]').length >= 20")
    assert stage.js("return document.querySelectorAll('.side').length + document.querySelectorAll('main').length") == 2


def test_single_keys_can_be_turned_off(stage: Stage) -> None:
    stage.open("/escena")
    stage.js("document.body.dataset.keys = 'off'")
    press(stage, "j", "x")
    assert stage.js("return document.querySelector('.is-cursor')") is None
    assert stage.js(MARKED) == ""


def test_palette_finds_pages_without_accents(stage: Stage) -> None:
    stage.open("/escena")
    ActionChains(stage.browser).key_down(Keys.CONTROL).send_keys("k").key_up(Keys.CONTROL).send_keys(
        "auditoria"
    ).perform()
    shown = (
        "return [...document.querySelectorAll('#pal-list [role=option]:not([hidden])')].map(o => o.textContent).join()"
    )
    assert stage.js(shown) == "Auditoría"
    press(stage, Keys.ENTER)
    stage.until("return location.pathname === '/escena/nada'")


def test_g_and_a_letter_go_to_a_page(stage: Stage) -> None:
    stage.open("/escena")
    press(stage, "g", "f")
    stage.until("return location.pathname === '/escena/ficha'")


def test_a_modal_opens_on_its_first_field_and_closes_when_saved(stage: Stage) -> None:
    stage.open("/escena")
    press(stage, "c")
    stage.until("return document.querySelector('#modal').open && document.activeElement.name === 'new_name'")
    ActionChains(stage.browser).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
    stage.until("return !document.querySelector('#modal').open")
    assert "Creado" in stage.toasts()
