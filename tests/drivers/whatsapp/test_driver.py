"""The line as a whole: it lives, tells how it is, does what it can, and leaves nothing behind."""

import asyncio
import os
import threading
from typing import Any

import pytest

from drivers.contract import Action, NeedsHuman, NotReady, SendError, fields
from drivers.whatsapp.driver import DRIVER
from drivers.whatsapp.settings import ListTemplates, MarkRead, Subscribe, Typing
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living
from tests.drivers.meta.signing import SECRET, VERIFY
from tests.drivers.peers.cloud_api import NUMBER, TOKEN, CloudApi, cloud_api, refusal
from tests.drivers.whatsapp.lines import line, to_rosa


async def test_it_works(living: Living) -> None:
    async with cloud_api() as peer:
        whatsapp = line(peer.url)
        async with living(whatsapp) as sink:
            assert (await whatsapp.send(to_rosa("Hola"))).external_id == "wamid.1"
    assert sink.said == [(NUMBER, "Ferretería El Clavo")]


class Revoking(Collecting):
    """As soon as the line works, somebody revokes its token."""

    def __init__(self, peer: CloudApi) -> None:
        super().__init__()
        self.peer = peer

    def ready(self, identity: str = "", note: str = "") -> None:
        super().ready(identity, note)
        self.peer.refusals = [refusal(190, status=401)]


async def test_the_token_is_looked_after() -> None:
    async with cloud_api() as peer:
        sink = Revoking(peer)
        with pytest.raises(NeedsHuman, match="token"):
            await asyncio.wait_for(line(peer.url, check_every_s=0.05).run(sink), 5)
    assert len(sink.said) == 1


@pytest.mark.parametrize(
    ("code", "kind"), [(190, NeedsHuman), (100, NeedsHuman), (4, NotReady), (2, NotReady), (131031, NeedsHuman)]
)
async def test_what_keeps_the_line_from_working_is_named(code: int, kind: type[Exception], living: Living) -> None:
    async with cloud_api() as peer:
        peer.refusals = [refusal(code)]
        with pytest.raises(kind):
            async with living(line(peer.url)):
                pass


async def test_an_unreachable_server_is_not_ready(living: Living) -> None:
    async with cloud_api() as peer:
        pass
    with pytest.raises(NotReady):
        async with living(line(peer.url)):
            pass


async def test_an_app_that_is_not_subscribed_is_told_and_can_be(living: Living) -> None:
    async with cloud_api() as peer:
        peer.subscribed, whatsapp = False, line(peer.url)
        async with living(whatsapp):
            said = await whatsapp.probe()
            assert (said.ok, "no está suscrita" in said.sentence, "subscribe" in said.what_to_do) == (False, True, True)
            assert await whatsapp.do(Subscribe()) == {"ok": True}
            assert (await whatsapp.probe()).ok


async def test_a_good_probe_has_proof_and_no_secrets() -> None:
    async with cloud_api() as peer:
        said = await line(peer.url).probe()
    assert (said.ok, said.sentence) == (True, "WhatsApp responde y el token sirve.")
    assert (said.facts["Nombre verificado"], said.facts["Calidad"]) == ("Ferretería El Clavo", "GREEN")
    written = " ".join([said.sentence, *said.facts, *said.facts.values()])
    assert not [secret for secret in (TOKEN, SECRET, VERIFY, "4000") if secret in written]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"token": "wrong"}, "token"),
        ({"token": ""}, "Falta el token"),
        ({"phone_number_id": "1"}, "código 2500"),
        ({"app_secret": ""}, "no se podrán recibir"),
        ({"url": "https://nobody.invalid"}, "No se encuentra el servidor nobody.invalid"),
        ({"url": "graph"}, "mal escrita"),
    ],
)
async def test_a_bad_probe_says_what_is_wrong_and_what_to_do(more: dict[str, Any], words: str) -> None:
    async with cloud_api() as peer:
        said = await line(**{"url": peer.url} | more).probe()
    assert not said.ok
    assert words in said.sentence
    assert said.what_to_do


@pytest.mark.parametrize("fault", ["silence", "read", "noise", "drip"])
async def test_a_probe_ends_whatever_the_server_does(fault: Any) -> None:
    async with cloud_api() as peer:
        assert peer.wire
        peer.wire.fault = fault
        said = await line(peer.url, patience_s=0.2).probe()
    assert (said.ok, bool(said.what_to_do)) == (False, True)


async def test_diagnostics_show_no_secret() -> None:
    said = await line().describe()
    assert said["Token de acceso"] == "puesto"
    assert not [secret for secret in (TOKEN, SECRET, VERIFY) if secret in str(said)]


def test_the_form_marks_the_secrets() -> None:
    form = {f.name: f for f in fields(DRIVER.Settings)}
    assert [name for name, f in form.items() if f.secret] == ["token", "app_secret", "verify_token"]
    assert [name for name, f in form.items() if f.required] == ["phone_number_id"]


async def test_marking_and_typing_are_meant_for_a_message() -> None:
    async with cloud_api() as peer:
        whatsapp = line(peer.url)
        assert await whatsapp.do(MarkRead(message_id="wamid.9")) == {"ok": True}
        await whatsapp.do(Typing(message_id="wamid.9"))
    assert [m.get("typing_indicator") for m in peer.marked] == [None, {"type": "text"}]
    assert {m["message_id"] for m in peer.marked} == {"wamid.9"}


async def test_templates_come_from_every_page_with_their_variables() -> None:
    parts = [
        {"type": "HEADER", "format": "TEXT", "text": "Pedido {{1}}"},
        {"type": "BODY", "text": "Hola {{1}}, su pedido {{2}} está listo, {{1}}."},
        {"type": "FOOTER", "text": "Ferretería"},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Ver", "url": "https://t.example/{{1}}"}]},
    ]
    order = {"name": "pedido", "language": "es", "status": "APPROVED", "category": "UTILITY", "components": parts}
    async with cloud_api() as peer:
        peer.pages = [[order], [{**order, "name": "otra", "components": [{"type": "HEADER", "format": "IMAGE"}]}], []]
        found = await line(peer.url).do(ListTemplates())
    first, second = found
    assert (first.name, first.status, first.category) == ("pedido", "approved", "utility")
    assert (first.body_values, first.header_values) == (("1", "2"), ("1",))
    assert first.buttons == ({"type": "url", "text": "Ver", "url": "https://t.example/{{1}}"},)
    assert (second.name, second.header_kind) == ("otra", "image")


async def test_an_action_that_cannot_be_done_says_why() -> None:
    with pytest.raises(SendError, match="identificador de la cuenta"):
        await line(account_id="").do(ListTemplates())
    with pytest.raises(SendError, match="no sabe"):
        await line().do(Action())
    async with cloud_api() as peer:
        peer.refusals = [refusal(131009, "no such message")]
        with pytest.raises(SendError, match="no such message"):
            await line(peer.url).do(MarkRead(message_id="x"))


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


async def test_a_line_that_ends_leaves_nothing_behind(living: Living) -> None:
    before, threads = open_files(), threading.active_count()
    async with cloud_api() as peer:
        for _ in range(20):
            whatsapp = line(peer.url)
            async with living(whatsapp):
                await whatsapp.send(to_rosa("Hola"))
    assert (open_files(), threading.active_count()) == (before, threads)
