"""Recipes in a real browser at a site with log-in, pager, frames, windows and traps."""

import asyncio
import contextlib
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from drivers.browser.driver import DRIVER
from drivers.browser.reaper import descendants
from drivers.browser.settings import BrowserSettings, CheckRecipe, RunRecipe
from drivers.contract import NeedsHuman, NotReady, SendError
from tests.drivers.browser.leftovers import new_processes
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.peers.certificates import self_signed
from tests.drivers.peers.site import PASSWORD, USER, Site, site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("chromium") and shutil.which("chromedriver")),
        reason="Chromium or its driver is not installed here (sudo apt-get install chromium chromium-driver)",
    ),
]
LOGIN = """
login:
  outside: '#p'
  inside: '#salir'
  steps:
  - open: /entrar
  - type: {into: label:Usuario, text: '${user}'}
  - type: {into: label:Contraseña, text: '${password}'}
  - click: text:Entrar
pages:
  inicio: {path: /inicio, shows: '#salir'}
"""


@pytest.fixture
def peer() -> Iterator[Site]:
    with site() as found:
        yield found


def browser(peer: Site, **more: Any) -> DRIVER:
    given = {"site": f"base: {peer.base}\n{LOGIN}", "user": USER, "password": PASSWORD, "private": True, "wait_s": 3.0}
    return DRIVER(BrowserSettings(**(given | more)))


def recipe(*steps: str, head: str = "") -> str:
    return head + "\nsteps:\n" + "\n".join(f"- {s}" for s in steps)


async def run(line: DRIVER, *steps: str, head: str = "", **more: Any) -> Any:
    return await line.do(RunRecipe(recipe=recipe(*steps, head=head), **more))


async def test_it_works(peer: Site, living: Living, tmp_path: Path) -> None:
    """Logs in, follows the pager over three pages, reads numbers and dates, comes back with all of it."""
    line = browser(peer)
    async with living(line) as sink:
        result = await run(
            line, "open: {page: inicio}", "read: {from: '#saldo', as: saldo, type: decimal}",
            "read: {from: '#dia', as: dia, type: date}", "open: /lista",
            "table: {from: '#t', as: clientes, next: a.sig, columns: {N: integer, Saldo: decimal, Desde: date}}",
            "open: /combinada", "table: {from: '#t', as: ventas, columns: {Zona: text, Ventas 2026: decimal}}",
            "open: /tarjetas",
            "list: {each: .t, take: {nombre: h3, cuanto: span}, as: tarjetas, types: {cuanto: decimal}}",
            pictures="every", into=str(tmp_path),
        )  # fmt: skip
        assert (result.values, result.logins) == ({"saldo": Decimal("1234567.50"), "dia": date(2026, 3, 3)}, 1)
        clients = result.rows["clientes"]
        assert [row["N"] for row in clients] == list(range(1, 46))
        assert clients[44] == {"N": 45, "Saldo": Decimal("45000.50"), "Desde": date(2026, 3, 18)}
        assert result.rows["ventas"] == [
            {"Zona": "Norte", "Ventas 2026": Decimal(2)}, {"Zona": "Norte", "Ventas 2026": Decimal("1000.25")},
        ]  # fmt: skip
        assert result.rows["tarjetas"][1] == {"nombre": "Dos", "cuanto": Decimal(2)}
        assert all(Path(step.picture).stat().st_size > 1000 for step in result.steps)
        assert PASSWORD not in msgspec.json.encode(result).decode()
        assert (await run(line, "open: {page: inicio}", "assert: {page: inicio}")).logins == 0, "the cookies were kept"
    assert peer.logins == 1
    assert list(sink.kept) == ["cookies"]


async def test_what_pages_are_made_of(peer: Site, living: Living, tmp_path: Path) -> None:
    """Frames, windows, boxes, lists of two kinds, late things, upload and download, branches and loops."""
    line, file = browser(peer), tmp_path / "carta.txt"
    file.write_text("hola")
    async with living(line):
        result = await run(
            line, "open: /marcos", "frame: {in: '#dentro', do: [{click: 'text:Púlseme'}, {wait: 'text:Pulsado'}]}",
            "open: /ventanas", "click: text:Abrir otra", "window: new", "read: {from: '#otra', as: otra}",
            "window: close", "assert: {sees: 'text:Abrir otra'}",
            "open: /avisos", "click: text:Borrar", "alert: {answer: accept, as: pregunta}",
            "read: {from: '#titulo', as: dicho}",
            "open: /elegir", "choose: {in: '#lista', option: No}", "read: {from: '#lista', as: lista}",
            "choose: {in: '#caja', option: Verde}", "read: {from: '#caja', as: caja}",
            "open: /descargas", "download: {click: text:Bajar, as: informe}",
            "open: /tarde", "read: {from: '#b', as: tarde}",
            "open: /subir", "upload: {into: 'input[type=file]', file: carta}", "click: text:Enviar", "wait: '#listo'",
            "open: /inicio", "if: {sees: '#no', then: [{ask: no}], else: [{type: {into: '#claro', text: '${que}'}}]}",
            "repeat: {times: 5, lacks: '#no', do: [{read: {from: '#eco', as: eco}}]}",
            head="inputs: [que]", inputs='{"que": "a b"}', into=str(tmp_path / "baja"),
            files=msgspec.json.encode({"carta": str(file)}).decode(),
        )  # fmt: skip
    assert result.values == {
        "otra": "Otra ventana", "pregunta": "¿Borrar todo?", "dicho": "sí", "lista": "No", "caja": "Verde",
        "tarde": "ya", "eco": "dijo a b",
    }  # fmt: skip
    assert b"hola" in peer.uploads["f"]
    assert Path(result.files["informe"]).read_text() == "a;b\n1;2\n"


async def test_a_session_that_runs_out_in_the_pager_is_begun_again_once(peer: Site, living: Living) -> None:
    line = browser(peer)
    async with living(line):
        peer.expires_at = 2
        result = await run(line, "open: /lista", "table: {from: '#t', as: filas, next: a.sig}")
    assert (len(result.rows["filas"]), result.logins, peer.logins) == (45, 2, 2), "to get in, and once more"


async def test_what_only_a_person_may_do_stops_the_run(peer: Site, living: Living) -> None:
    line = browser(peer)
    async with living(line):
        with pytest.raises(NeedsHuman) as asked:
            await run(line, "open: /captcha")
    assert "navegador" in asked.value.what_to_do


async def test_a_refused_password_is_tried_once_and_never_told(peer: Site, living: Living) -> None:
    line = browser(peer, password="otra-clave")
    async with living(line):
        with pytest.raises(NeedsHuman) as asked:
            await run(line, "open: /inicio")
    assert peer.logins == 1
    assert "otra-clave" not in repr(asked.value.args) + str(asked.value)


async def test_no_page_leads_out_of_the_allowed_hosts(peer: Site, living: Living) -> None:
    """By redirect, picture, frame, script, socket or beacon: the other site's own test says that nothing came."""
    line = browser(peer)
    async with living(line):
        result = await run(line, "open: /mezcla", "wait: '#fin'")
        assert result.blocked[peer.elsewhere] >= 3
        with pytest.raises(SendError, match="no se permite ir"):
            await run(line, "open: /redirige")


async def test_a_private_address_needs_permission(peer: Site, living: Living) -> None:
    line = browser(peer, private=False)
    async with living(line):
        with pytest.raises(SendError, match="red privada"):
            await run(line, "open: /publica")
    assert peer.hits == {}


async def test_a_failed_step_is_named(peer: Site, living: Living, tmp_path: Path) -> None:
    line = browser(peer, wait_s=0.3)
    async with living(line):
        with pytest.raises(SendError, match=r"Paso 2 \(click\)") as failed:
            await run(line, "open: /publica", "click: text:Nada", into=str(tmp_path))
        assert failed.value.permanent
        assert [f.name for f in tmp_path.iterdir()] == ["002-2-click.jpg"]
        with pytest.raises(SendError, match="error 500") as later:
            await run(line, "open: /error")
        assert not later.value.permanent


OTHERS: set[int] = set()


@pytest.fixture(autouse=True)
def _others() -> None:
    """Processes that other tests of this run keep, such as a database server, are no browsers of ours."""
    OTHERS.clear()
    OTHERS.update(descendants(os.getpid()))


def ours() -> list[int]:
    return new_processes(OTHERS)


def nothing_left(seconds: float = 5) -> bool:
    """Of all browsers that came of this process. A busy machine takes a moment to bury them."""
    ends = time.monotonic() + seconds
    while ours() and time.monotonic() < ends:
        time.sleep(0.01)
    return ours() == []


async def test_a_cancelled_run_ends_within_a_second_and_leaves_nothing(peer: Site, living: Living) -> None:
    line = browser(peer)
    async with living(line):
        await asyncio.to_thread(int)  # the loop's own helper thread stays
        threads, files = threading.active_count(), len(os.listdir("/proc/self/fd"))
        task = asyncio.create_task(run(line, "open: /inicio", "open: /colgada"))
        assert await asyncio.to_thread(peer.reached("/colgada").wait, 20)
        task.cancel()
        done, _ = await asyncio.wait({task}, timeout=1)
        assert done
        assert task.cancelled()
        peer.hang.set()
        assert nothing_left()
    assert threading.active_count() <= threads
    assert len(os.listdir("/proc/self/fd")) <= files


async def test_slow_half_and_no_answers_are_told_apart(peer: Site, living: Living) -> None:
    """Nothing was done at the site yet: the run may be tried again. Half a page is shown, as browsers do."""
    line = browser(peer, page_s=3.0, hosts="127.0.0.1:9")
    async with living(line):
        for url, says in (("/colgada", "a tiempo"), ("http://127.0.0.1:9/", "no se llega")):
            with pytest.raises(SendError, match=says) as failed:
                await run(line, f"open: {url}")
            assert not failed.value.permanent
        with pytest.raises(SendError, match="no aparece"):
            await run(line, "open: /media", "wait: {for: '#fin', seconds: 0.5}")
    assert nothing_left()


async def test_a_certificate_that_nobody_vouches_for(tmp_path: Path, living: Living) -> None:
    with site(self_signed(tmp_path)) as peer:
        line = browser(peer)
        async with living(line):
            with pytest.raises(SendError, match="certificado"):
                await run(line, "open: /publica")


async def test_a_browser_that_dies_is_a_failed_step_and_leaves_nothing(peer: Site, living: Living) -> None:
    line = browser(peer)
    async with living(line):
        task = asyncio.create_task(run(line, "open: /publica", "wait: {for: '#nunca', seconds: 60}"))
        assert await asyncio.to_thread(peer.reached("/publica").wait, 20)
        for pid in descendants(ours()[0]):  # all but the reaper
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with pytest.raises(SendError, match="dejó de contestar"):
            await asyncio.wait_for(task, 10)
        assert nothing_left()


async def test_two_runs_at_once_do_not_meet(peer: Site, living: Living) -> None:
    line = browser(peer)
    async with living(line):
        both = await asyncio.gather(*(
            run(line, "open: /inicio", "type: {into: '#claro', text: '${que}'}", "read: {from: '#eco', as: eco}",
                head="inputs: [que]", inputs=msgspec.json.encode({"que": que}).decode())
            for que in ("uno", "dos")
        ))  # fmt: skip
    assert [r.values["eco"] for r in both] == ["dijo uno", "dijo dos"]


async def test_the_line_that_ends_ends_its_runs(peer: Site) -> None:
    line, sink = browser(peer), Collecting()
    life = asyncio.create_task(line.run(sink))
    await sink.up.wait()
    task = asyncio.create_task(run(line, "open: /publica", "wait: {for: '#nunca', seconds: 60}"))
    assert await asyncio.to_thread(peer.reached("/publica").wait, 20)
    life.cancel()
    with pytest.raises(NotReady):
        await asyncio.wait_for(task, 2)
    assert nothing_left()


async def test_checking_a_recipe_and_probing(peer: Site) -> None:
    line = browser(peer)
    checked = await line.do(CheckRecipe(recipe=recipe("open: /", "click: text:No", head="name: Prueba")))
    assert checked == {"name": "Prueba", "inputs": (), "steps": 2}
    with pytest.raises(NotReady):
        await run(line, "open: /")
    assert (await line.probe()).ok
    assert not (await browser(peer, site="base: crm").probe()).ok
    assert "browser-none" in (await browser(peer, browser="browser-none").probe()).sentence
