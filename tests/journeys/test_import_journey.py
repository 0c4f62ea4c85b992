"""A first morning: open the office, bring a messy workbook, watch it, work together on a contact, undo, export."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.beds.browsers import Browser
from tests.beds.servers import LiveServer
from tests.contacts.imports.files import xlsx
from tests.journeys.person import WAIT_S, Person

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

PASSWORD = "una taza de cafe frio"
ADMIN, AGENT = "diego@irazu.example", "ana@irazu.example"
PLACES = ["company", "whatsapp", "name", "email", "skip"]
MANY = 50_000  # long enough that the bar can be seen moving
WATCH = """
window.seen = new Set();
new MutationObserver(() => {
  const bar = document.querySelector('#import-job progress');
  if (bar && bar.value) window.seen.add(bar.value);
}).observe(document.body, {subtree: true, childList: true, attributes: true})
"""
Axe = Callable[[Browser], list[str]]


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A title above the table, a column without one, spellings of every kind, repeats, and numbers that are none."""
    rows = [
        ("Base de Heredia — noviembre",),
        (),
        ("Razón social", "Cel. / WhatsApp", "Nombre del cliente", "Correo", ""),
    ]
    rows += [("Café Irazú S.A.", "(506) 8812-3456", "Quésada Alfaro, Marvin", "Marvin@Correo.example", "x")]
    rows += [("", 88123457.0, "Nidia Arce", "no tiene", ""), ("", "+506 8812 3457", "Nidia otra vez", "", "")]
    rows += [("", "123", "Número corto", "", "")]
    rows += [("", f"+506 83{n:06}", f"Cliente {n}", "", "") for n in range(MANY)]
    return xlsx(tmp_path_factory.mktemp("files") / "base-heredia.xlsx", rows)


@pytest.fixture
def admin(live_server: LiveServer, browser: Browser) -> Person:
    """Diego opens the office and is in."""
    diego = Person(browser, live_server.url)
    diego.open("/")
    diego.fill(office="Cafetalera Irazú", name="Diego Rojas", email=ADMIN, password=PASSWORD)
    diego.press("#step button[type=submit]")
    diego.until("return location.pathname === '/'")
    return diego


@pytest.fixture
def agent(admin: Person, live_server: LiveServer, second_browser: Browser) -> Person:
    """Ana, on another computer, logs in with what Diego gave her."""
    words = ("admin", "create", "--email", AGENT, "--name", "Ana Solano", "--role", "agent", "--password-stdin")
    made = live_server.command(*words, typed=PASSWORD)
    assert made.returncode == 0, made.stderr
    ana = Person(second_browser, live_server.url)
    ana.log_in(AGENT, PASSWORD)
    return ana


def test_it_works(admin: Person, agent: Person, messy: Path, axe: Axe) -> None:
    bring(admin, messy, axe)
    contact = find(admin)
    work_together(admin, agent, contact)
    export(admin)
    undo(admin, axe)
    assert [p.browser.complaints() for p in (admin, agent)] == [[], []]


def bring(diego: Person, file: Path, axe: Axe) -> None:
    """Upload, columns, rehearsal, progress, result."""
    diego.open("/contactos")
    diego.press("a[href='/contactos/importaciones/nueva']")
    diego.until("return document.querySelector('#upload')")
    assert axe(diego.browser) == []
    diego.js("document.querySelector('#f-file').removeAttribute('accept')")
    diego.browser.find_element("id", "f-file").send_keys(str(file))
    diego.press("#upload button[type=submit]")
    diego.until("return document.querySelector('#columns')")
    chosen = diego.js("return [...document.querySelectorAll('#columns table select')].map(s => s.value)")
    assert chosen == PLACES
    assert axe(diego.browser) == []
    diego.press("#columns button[type=submit]")
    diego.reads(f"Importar {MANY + 2:,} contactos".replace(",", "\u00a0"))
    assert axe(diego.browser) == []
    diego.js(WATCH)
    diego.press("#step button.primary")
    diego.reads("Importación terminada", "#step")
    assert diego.js("return [...window.seen].some(v => v > 0)"), "the bar moved while it ran"
    diego.reads("Descargar 2 filas que no entraron", "#step")
    assert axe(diego.browser) == []


def find(diego: Person) -> str:
    """The new contacts, then one of them by a piece of its name without its accent; its address."""
    diego.press("a[href^='/contactos?import_id=']")
    diego.until("return document.querySelector('#q')")
    diego.fill(q="quesada")
    diego.until("return document.querySelectorAll('#rows a.name').length === 1")
    diego.reads("Marvin", "#rows")
    address: str = diego.js("return document.querySelector('#rows a.name').getAttribute('href')")
    return address


def work_together(diego: Person, ana: Person, contact: str) -> None:
    """Ana looks on while Diego edits: she sees who holds it, then what he wrote."""
    ana.open(contact)
    diego.open(contact)
    diego.press("button[hx-post$='/edicion']")
    ana.reads("Diego Rojas lo está editando")
    diego.until("return document.querySelector('form[data-lock-url]')")
    diego.fill(name="Marvin Quesada, dueño")
    diego.press("form[data-lock-url] button[type=submit]")
    diego.until("return !document.querySelector('form[data-lock-url]')")
    ana.reads("Marvin Quesada, dueño")
    ana.until("return !document.body.innerText.includes('lo está editando')")


def export(diego: Person) -> None:
    """A filter as a file, in the background, downloaded."""
    diego.open("/contactos?q=marvin")
    diego.press("button[hx-get='/contactos/exportaciones/nueva']")
    diego.until("return document.querySelector('#modal').open && document.querySelector('#export-form')")
    diego.press("#export-form label:has([value=csv])")
    diego.press("#export-form button[type=submit]")
    diego.press("#jobs a[download]")
    diego.reads("El archivo está listo", "#toasts")
    deadline = time.monotonic() + WAIT_S
    while not (files := list(diego.browser.downloads.glob("contactos-*.csv"))):
        assert time.monotonic() < deadline, "the file did not come down"
        time.sleep(0.05)
    assert "Marvin Quesada, dueño" in files[0].read_text("utf-8-sig")


def undo(diego: Person, axe: Axe) -> None:
    """Everything goes but what Diego edited, which is named."""
    diego.open("/contactos/importaciones")
    diego.press("#imports a.name")
    diego.press("#step button.danger")
    diego.until("return document.querySelector('#confirm').open")
    diego.press("#confirm [data-verb]")
    diego.reads("Se deshizo", "#step")
    diego.reads("Marvin Quesada, dueño", "#step")
    assert axe(diego.browser) == []
    diego.open("/contactos")
    diego.until("return document.querySelectorAll('#rows a.name').length === 1")
