"""The first morning of an office, in a real browser: wizard, preferences, second factor, an invitation, permissions."""

import time

import pyotp
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import (
    presence_of_element_located,
    text_to_be_present_in_element,
    url_contains,
)
from selenium.webdriver.support.ui import Select

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "tres gatos en el techo"
WAIT_S = 15
PAGES = (
    "/ajustes",
    "/ajustes/oficina",
    "/personas",
    "/personas/1",
    "/personas/equipos",
    "/personas/permisos",
    "/auditoria",
)


def wait(browser, condition):
    return browser.wait(condition, WAIT_S)


def find(browser, selector):
    return wait(browser, presence_of_element_located((By.CSS_SELECTOR, selector)))


def click(browser, selector):
    browser.press(selector)


def fill(browser, **fields):
    for name, text in fields.items():
        box = find(browser, f"main [name={name}], dialog [name={name}]")
        box.clear()
        box.send_keys(text)


def open_office(browser, url):
    browser.get(url)
    fill(browser, office="Oficina Irazú", name="Mariana Rojas", email="mariana@irazu.example", password=PASSWORD)
    Select(find(browser, "[name=country]")).select_by_value("MX")
    wait(browser, presence_of_element_located((By.CSS_SELECTOR, "[name=timezone] option[value='America/Tijuana']")))
    click(browser, "button[type=submit]")
    wait(browser, lambda b: "/instalacion" not in b.current_url)


def test_it_works(browser, live_server, axe):
    """From an empty folder to an administrator inside, every page without a serious barrier, light and dark."""
    browser.get(live_server.url)
    assert "/instalacion" in browser.current_url
    assert axe(browser) == []
    open_office(browser, live_server.url)
    for dark in (False, True):
        browser.dark(dark)
        for path in PAGES:
            browser.get(live_server.url + path)
            find(browser, "h1")
            assert axe(browser) == [], f"{path} {'dark' if dark else 'light'}"
    assert browser.complaints() == []


def test_the_second_factor_from_qr_to_log_in(browser, live_server, axe):
    open_office(browser, live_server.url)
    browser.get(f"{live_server.url}/ajustes/verificacion")
    click(browser, "#factor button")
    secret = find(browser, "#factor code").text.replace(" ", "")
    assert find(browser, "img.qr").get_property("naturalWidth") > 0
    assert axe(browser) == []
    fill(browser, code=pyotp.TOTP(secret).now())
    click(browser, "#factor button[type=submit]")
    assert len(find(browser, "#codes").text.split()) == 10
    browser.delete_all_cookies()
    browser.get(f"{live_server.url}/ajustes")
    assert axe(browser) == []
    fill(browser, name="mariana", password=PASSWORD)
    click(browser, "button[type=submit]")
    wait(browser, url_contains("/entrar/codigo"))
    fill(browser, code=pyotp.TOTP(secret).at(time.time() + 30))
    click(browser, "button[type=submit]")
    wait(browser, lambda b: b.current_url.endswith("/ajustes"))


def test_an_invitation_and_a_permission_between_two_browsers(browser, second_browser, live_server):
    open_office(browser, live_server.url)
    browser.get(f"{live_server.url}/personas")
    click(browser, ".page-head .btn.primary")
    fill(browser, name="Ana Solano", email="ana@irazu.example")
    click(browser, "dialog[open] button[type=submit]")
    second_browser.get(find(browser, "#one-time-link").text)
    fill(second_browser, password="cinco perros en la playa")
    click(second_browser, "button[type=submit]")
    find(second_browser, ".side-foot")
    browser.get(f"{live_server.url}/personas/permisos")
    Select(find(browser, "#cell-agent-audit-view select")).select_by_value("all")
    find(browser, ".toast.ok")
    second_browser.get(f"{live_server.url}/auditoria")
    assert "Ana Solano" in find(second_browser, "#rows").text


def test_the_list_narrows_while_one_types_and_the_address_follows(browser, live_server):
    open_office(browser, live_server.url)
    browser.get(f"{live_server.url}/personas")
    find(browser, "[data-search]").send_keys("nadie así")
    wait(browser, text_to_be_present_in_element((By.ID, "rows"), "Nadie coincide"))
    assert "q=nadie" in browser.current_url
    find(browser, "[data-search]").clear()
    find(browser, "[data-search]").send_keys("maria")
    wait(browser, text_to_be_present_in_element((By.ID, "rows"), "Mariana Rojas"))
    Select(find(browser, "[name=rol]")).select_by_value("agent")
    wait(browser, text_to_be_present_in_element((By.ID, "rows"), "Nadie coincide"))


def test_a_wrong_password_keeps_the_name_and_says_why(browser, live_server):
    open_office(browser, live_server.url)
    browser.delete_all_cookies()
    browser.get(f"{live_server.url}/entrar")
    fill(browser, name="mariana", password="no es esta clave")
    click(browser, "button[type=submit]")
    assert "no coinciden" in find(browser, ".error").text
    assert find(browser, "[name=name]").get_attribute("value") == "mariana"
