"""The list in a real browser: search, filter, marks, one change with undo, and a colleague's change seen at once."""

import httpx
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

PASSWORD = "el cafe de la tarde\n"
WHO = ("--email", "irene@irazu.example", "--name", "Irene Campos")
NAMES = ("Marvin Quesada", "María Quesada", "Óscar Roble", "Nidia Retana")


def open_office(server) -> httpx.Client:
    """An office with four contacts; a program with a key to it."""
    server.prepare("admin", "create", *WHO, "--role", "it", "--password-stdin", typed=PASSWORD)
    key = server.prepare("admin", "api-key", "--email", WHO[1], "--name", "prueba").split()[-1]
    api = httpx.Client(base_url=server.url, headers={"X-API-Key": key})
    for i, name in enumerate(NAMES):
        given = {"name": name, "addresses": [{"channel": "phone", "value": f"8812 345{i}"}]}
        assert api.post("/api/v1/contacts", json=given).status_code == 201
    return api


def sign_in(browser, server) -> None:
    browser.get(server.url + "/entrar")
    browser.find_element(By.NAME, "name").send_keys(WHO[1])
    browser.find_element(By.NAME, "password").send_keys(PASSWORD)
    wait(browser, lambda b: "/entrar" not in b.current_url)
    browser.get(server.url + "/contactos")


def rows(browser) -> list[str]:
    return browser.execute_script("return [...document.querySelectorAll('#rows .name')].map(a => a.textContent)")


def wait(browser, what, seconds: float = 10.0):
    return browser.wait(what, seconds)


def find(browser, selector: str):
    return browser.find_element(By.CSS_SELECTOR, selector)


@pytest.mark.browser
@pytest.mark.slow
def test_it_works(live_server, browser, axe):
    open_office(live_server)
    sign_in(browser, live_server)
    wait(browser, lambda b: find(b, "#total").text == "4")
    assert axe(browser) == []

    browser.switch_to.active_element.send_keys("/")
    browser.switch_to.active_element.send_keys("quesada")
    wait(browser, lambda b: sorted(rows(b)) == ["Marvin Quesada", "María Quesada"])
    assert browser.current_url.endswith("/contactos?q=quesada")
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    for key in "jxjx":
        browser.switch_to.active_element.send_keys(key)
    assert "2 marcados" in find(browser, "#bulkbar").text

    browser.press("#bulkbar [hx-get$='/lote/estado']")
    wait(browser, lambda b: find(b, "#modal select").is_displayed())
    assert axe(browser) == []
    Select(find(browser, "#modal select")).select_by_visible_text("Interesado")
    browser.press("#modal [type=submit]")
    wait(browser, lambda b: "2 contactos cambiaron" in find(b, "#toasts").text)
    wait(browser, lambda b: find(b, "#rows").text.count("Interesado") == 2)
    browser.press("#toasts .link")
    wait(browser, lambda b: find(b, "#rows").text.count("Sin gestionar") == 2)
    assert browser.complaints() == []


@pytest.mark.browser
@pytest.mark.slow
def test_a_filter_is_put_on_and_off_and_back_returns(live_server, browser):
    open_office(live_server)
    sign_in(browser, live_server)
    browser.press("#open-status")
    browser.press("#facet-status input[value=NC]")
    wait(browser, lambda b: "Ningún contacto pasa estos filtros" in find(b, "#rows").text)
    assert browser.current_url.endswith("/contactos?status=NC")
    browser.press("#facet-status input[value=SIN_GESTIONAR]")
    wait(browser, lambda b: len(rows(b)) == 4)
    assert find(browser, "#chip-status").text == "Estado: 2"
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    browser.press("#chip-status a")
    wait(browser, lambda b: b.current_url.endswith("/contactos"))
    browser.back()
    wait(browser, lambda b: "status=NC&status=SIN_GESTIONAR" in b.current_url and "2" in find(b, "#chip-status").text)


@pytest.mark.browser
@pytest.mark.slow
def test_what_a_colleague_does_is_seen_without_touching_anything(live_server, browser):
    api = open_office(live_server)
    sign_in(browser, live_server)
    wait(browser, lambda b: find(b, "#total").text == "4")
    one = api.get("/api/v1/contacts?q=marvin").json()["items"][0]
    api.patch(f"/api/v1/contacts/{one['id']}", json={"name": "Marvin Brenes"}, headers={"If-Match": "*"})
    wait(browser, lambda b: "Marvin Brenes" in rows(b))
    api.post("/api/v1/contacts", json={"name": "Recién llegada"})
    wait(browser, lambda b: "1 nuevo" in find(b, "#news").text)
    assert "Recién llegada" not in rows(browser)
    wait(browser, lambda b: find(b, "#total").text == "5")
    browser.press("#news button")
    wait(browser, lambda b: "Recién llegada" in rows(b))
    gone = api.get("/api/v1/contacts?q=roble").json()["items"][0]
    api.delete(f"/api/v1/contacts/{gone['id']}", headers={"If-Match": "*"})
    wait(browser, lambda b: "Óscar Roble" not in rows(b))
