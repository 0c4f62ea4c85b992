"""The shell under axe: light, dark, telephone, and everything that floats."""

from collections.abc import Callable

import pytest

from tests.beds.browsers import Browser
from tests.web.conftest import Stage

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
PAGES = ("/escena", "/escena/ficha?mal=1", "/escena/nada", "/escena/entrar")
FLOATING = {
    "palette": "Centralita.doing.palette()",
    "keys": "Centralita.doing.keys()",
    "confirm": "document.querySelector('#menu-0 button').click()",
    "more": "document.querySelector('#more-menu').showModal()",
    "user": "document.querySelector('#user-menu').showPopover()",
    "bulk": "document.querySelector('[data-check-all]').click()",
    "offline": "document.querySelector('#offline').hidden = false",
    "toasts": "for (const kind of ['ok', 'warn', 'danger']) Centralita.toast({kind, title: 'Ya', undo: {url: '/'}})",
}


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_it_works(stage: Stage, axe: Callable[[Browser], list[str]], look: str) -> None:
    stage.browser.dark(look == "dark")
    if look == "phone":
        stage.browser.phone()
    found = {}
    for path in PAGES:
        stage.open(path)
        found[path] = axe(stage.browser)
        wide = stage.js("return document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"{path} scrolls sideways"
    assert found == {path: [] for path in PAGES}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_what_floats_can_be_used_by_everyone(stage: Stage, axe: Callable[[Browser], list[str]], dark: bool) -> None:
    stage.browser.dark(dark)
    found = {}
    for name, show in FLOATING.items():
        stage.open("/escena")
        stage.js(show)
        found[name] = axe(stage.browser)
    assert found == {name: [] for name in FLOATING}
