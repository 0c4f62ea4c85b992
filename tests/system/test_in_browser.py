"""A person of IT looks after the office in a real browser: the state, a backup, a drill, and back in time."""

from collections.abc import Callable

import pytest
from selenium.webdriver.common.by import By

from tests.beds.browsers import Browser
from tests.beds.servers import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]
PASSWORD = "el cafe de la tarde\n"


def see(browser: Browser, text: str, seconds: float = 30.0) -> None:
    browser.wait(lambda b: text in b.find_element(By.ID, "main").text, seconds)


def press(browser: Browser, words: str) -> None:
    browser.press(f"//button[contains(., '{words}')]", By.XPATH)


def sign_in(browser: Browser, server: LiveServer) -> None:
    server.prepare(
        "admin", "create", "--email", "irene@irazu.example", "--name", "Irene Campos", "--role", "it",
        "--password-stdin", typed=PASSWORD,
    )  # fmt: skip
    browser.get(server.url + "/entrar")
    come_in(browser)


def come_in(browser: Browser) -> None:
    browser.find_element(By.NAME, "name").send_keys("irene@irazu.example")
    browser.find_element(By.NAME, "password").send_keys(PASSWORD)
    browser.wait(lambda b: "/entrar" not in b.current_url, 10)


def test_it_works(live_server: LiveServer, browser: Browser, axe: Callable[[Browser], list[str]]) -> None:
    sign_in(browser, live_server)
    browser.get(live_server.url + "/sistema")
    see(browser, "Cola de trabajos")
    assert axe(browser) == []
    browser.execute_script("document.querySelector('#system-kpis').dataset.seen = '1'; window.before = Date.now()")
    asked = "return performance.getEntriesByType('resource').filter(r => r.name.endsWith('/sistema/estado')).length"
    browser.wait(lambda b: b.execute_script(asked) >= 1, 15)  # by itself, without a reload
    browser.dark()
    assert axe(browser) == []
    browser.dark(False)

    browser.press("Respaldos", By.LINK_TEXT)
    see(browser, "Todavía no hay respaldos")
    press(browser, "Respaldar ahora")
    see(browser, "A pedido")
    press(browser, "Hacer simulacro")
    see(browser, "Simulacro bien")
    assert axe(browser) == []
    browser.phone()
    assert axe(browser) == []
    assert browser.complaints() == []


def test_back_in_time_from_the_screen(live_server: LiveServer, browser: Browser) -> None:
    sign_in(browser, live_server)
    browser.get(live_server.url + "/sistema/respaldos")
    press(browser, "Respaldar ahora")
    see(browser, "A pedido")
    live_server.prepare(
        "admin", "create", "--email", "beto@irazu.example", "--name", "Beto Chaves", "--role", "agent",
        "--password-stdin", typed=PASSWORD,
    )  # fmt: skip
    browser.press("//td//button[contains(., 'Restaurar')]", By.XPATH)
    browser.wait(lambda b: "Restaurar el respaldo" in b.find_element(By.ID, "confirm").text, 5)
    browser.press("#confirm .btn.danger")
    see(browser, "La oficina se reinicia")
    browser.wait(lambda b: "/entrar" in b.current_url, 90)  # by itself, when the office is back
    come_in(browser)
    see(browser, "Restaurado")
    see(browser, "Quedaron cerradas las sesiones")
    assert "beto@" not in live_server.prepare("admin", "list")
    assert "irene@" in live_server.prepare("admin", "list")
