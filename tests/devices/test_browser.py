"""/dispositivos in a real browser: a line breaks, everybody sees it without touching anything, one click mends it."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from app.devices.switchboard import EVERY_S

SWITCH_OFF = """
const [box] = document.querySelectorAll("[id^=d-]"), id = box.id.slice(2);
const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
fetch(`/dispositivos/${id}/encendido`, {method: "DELETE", headers});
"""
PASSWORD = "el cafe de la tarde\n"


def see(browser, text: str, seconds: float = 10.0) -> None:
    browser.wait(lambda b: text in b.find_element(By.ID, "main").text, seconds)


def sign_in(browser, server) -> None:
    server.prepare(
        "admin", "create", "--email", "irene@irazu.example", "--name", "Irene Campos", "--role", "it",
        "--password-stdin", typed=PASSWORD,
    )  # fmt: skip
    browser.get(server.url + "/entrar")
    browser.find_element(By.NAME, "name").send_keys("irene@irazu.example")
    browser.find_element(By.NAME, "password").send_keys(PASSWORD)
    browser.wait(lambda b: "/entrar" not in b.current_url)


@pytest.mark.browser
@pytest.mark.slow
def test_it_works(live_server, browser, axe):
    sign_in(browser, live_server)
    browser.get(live_server.url + "/dispositivos")
    see(browser, "En línea", EVERY_S + 10)  # a command made the line: the running office looks now and then
    assert axe(browser) == []
    browser.press("Línea simulada", By.PARTIAL_LINK_TEXT)
    see(browser, "Mensajes enviados")
    assert axe(browser) == []

    browser.press("#main a[href$=ajustes]")
    Select(browser.find_element(By.NAME, "fault")).select_by_value("pin")
    assert axe(browser) == []
    browser.press("#device-form [type=submit]")
    see(browser, "Necesita a una persona")
    see(browser, "Qué hacer")
    assert axe(browser) == []

    browser.press("#device [hx-post$=pruebas]")
    see(browser, "pide PIN")
    browser.press("#main a[href$=ajustes]")
    Select(browser.find_element(By.NAME, "fault")).select_by_value("none")
    browser.press("#device-form [type=submit]")
    see(browser, "En línea")
    browser.execute_script(SWITCH_OFF)  # as a colleague would, elsewhere
    see(browser, "Encender")
    browser.press("//button[contains(., 'Encender')]", By.XPATH)
    see(browser, "1 bien")
    browser.phone()
    browser.refresh()
    see(browser, "En línea")
    assert axe(browser) == []
    assert browser.complaints() == []
