"""The line as a whole against a strict Send API: sending, names, files, life and diagnostics."""

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from drivers.contract import Action, Attachment, NeedsHuman, NotReady, SendError, fields
from drivers.messenger.driver import DRIVER, Person
from drivers.messenger.settings import MarkRead, Profile, Subscribe, Typing
from tests.drivers.conftest import Living
from tests.drivers.messenger.lines import line, to_rosa
from tests.drivers.meta.signing import SECRET, VERIFY
from tests.drivers.peers.graph import TOKEN, refusal
from tests.drivers.peers.send_api import INSTAGRAM, PAGE, ROSA, send_api
from tests.drivers.peers.wire import Fault, Reply

PHOTO = Attachment(media_type="image/png", content=b"\x89PNG", name="ñandú.png")


async def test_it_works(living: Living) -> None:
    async with send_api() as peer:
        messenger = line(peer.url)
        async with living(messenger) as sink:
            receipt = await messenger.send(to_rosa("Hola, ¿cómo está? 😀"))
    assert (receipt.external_id, receipt.state) == ("m_1", "sent")
    assert peer.sent[0]["message"]["text"] == "Hola, ¿cómo está? 😀"
    assert sink.said == [(PAGE, "Ferretería El Clavo")]


@pytest.mark.parametrize(("channel", "platform"), [("messenger", ""), ("instagram", "instagram")])
async def test_files_are_uploaded_first_and_then_sent_by_their_id(channel: str, platform: str) -> None:
    async with send_api() as peer:
        receipt = await line(peer.url).send(to_rosa("Vea", attachments=(PHOTO,), channel=channel))
    assert (receipt.external_id, receipt.also) == ("m_1", ("m_2",))
    ((identity, kept),) = peer.files.items()
    assert kept == (platform, "image", b"\x89PNG")
    assert peer.sent[1]["message"]["attachment"]["payload"] == {"attachment_id": identity}


async def test_instagram_alone_speaks_for_itself() -> None:
    async with send_api() as peer:
        alone = line(peer.url, page_id="")
        await alone.send(to_rosa("Hola", channel="instagram"))
        assert peer.wire
        assert peer.wire.asked[0].path == f"/v23.0/{INSTAGRAM}/messages"


async def test_a_reaction_has_no_id_of_its_own() -> None:
    async with send_api() as peer:
        receipt = await line(peer.url).send(to_rosa(reaction="👍", reply_to="m_9"))
    assert (receipt.external_id, receipt.state) == ("m_9-reaction", "sent")
    assert peer.actions[0]["sender_action"] == "react"


@pytest.mark.parametrize(
    ("code", "subcode", "permanent", "words"),
    [(10, 2018278, True, "24 horas"), (10, 2018065, True, "24 horas"), (10, 2534022, True, "24 horas"),
     (100, 2018001, True, "no encuentra"), (551, 1545041, True, "bloqueó"), (100, 2018109, True, "25 MB"),
     (10, 2018300, True, "Otra aplicación"), (613, 0, False, "demasiadas"), (4, 2018022, False, "demasiadas"),
     (1200, 0, False, "ocupada"), (2, 0, False, "ocupada")],
)  # fmt: skip
async def test_refusals_are_typed_and_in_spanish(code: int, subcode: int, permanent: bool, words: str) -> None:
    async with send_api() as peer:
        peer.refusals = [refusal(code, subcode=subcode)]
        with pytest.raises(SendError, match=words) as error:
            await line(peer.url).send(to_rosa("Hola"))
    assert error.value.permanent is permanent
    assert peer.sent == []


@pytest.mark.parametrize(("code", "subcode"), [(190, 0), (10, 0), (200, 0), (200, 2018028), (2, 2018344), (100, 33)])
async def test_what_only_a_person_can_mend_stops_the_line(code: int, subcode: int) -> None:
    async with send_api() as peer:
        peer.refusals = [refusal(code, subcode=subcode)]
        with pytest.raises(NeedsHuman) as error:
            await line(peer.url).send(to_rosa("Hola"))
    assert error.value.what_to_do


async def test_a_stranger_is_said_to_be_one() -> None:
    async with send_api() as peer:
        with pytest.raises(SendError, match="no encuentra"):
            await line(peer.url).send(to_rosa("Hola", to="1234567"))


async def test_names_are_fetched_apart() -> None:
    picture = "https://scontent.fbcdn.net/r.jpg"
    async with send_api() as peer:
        messenger = line(peer.url)
        assert await messenger.do(Profile(of=ROSA)) == Person(address=ROSA, name="Rosa Montiel", picture=picture)
        found = await messenger.do(Profile(of=ROSA, channel="instagram"))
    assert found == Person(address=ROSA, name="Rosa Montiel", user_name="rosa.m", picture=picture)


async def test_only_an_id_becomes_part_of_an_address() -> None:
    with pytest.raises(SendError, match="no es el id"):
        await line().do(Profile(of="me/accounts?fields=access_token"))


async def test_marking_and_typing() -> None:
    async with send_api() as peer:
        messenger = line(peer.url)
        for action in (MarkRead(to=ROSA), Typing(to=ROSA), Typing(to=ROSA, on=False)):
            assert await messenger.do(action) == {"ok": True}
    assert [a["sender_action"] for a in peer.actions] == ["mark_seen", "typing_on", "typing_off"]
    with pytest.raises(SendError, match="no sabe"):
        await line().do(Action())


async def test_a_file_is_fetched_without_showing_the_token(tmp_path: Path) -> None:
    async with send_api() as peer:
        file = Attachment(media_type="image/jpeg", ref=f"{peer.url}/v/t1/foto.png?oh=1")
        got = await line(peer.url).fetch(file, tmp_path / "a.png")
        assert (got.path, got.size, got.media_type) == (str(tmp_path / "a.png"), 3, "image/png")
        peer.file_status = 403
        with pytest.raises(SendError, match="vence"):
            await line(peer.url).fetch(file, tmp_path / "b.png")
        peer.file_status = 500
        with pytest.raises(SendError, match="ocupada"):
            await line(peer.url).fetch(file, tmp_path / "b.png")
    assert [p.name for p in tmp_path.iterdir()] == ["a.png"]


async def test_a_file_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    for ref, words in (("http://169.254.169.254/latest", "no es de Meta"), ("", "no tiene dirección")):
        with pytest.raises(SendError, match=words):
            await line().fetch(Attachment(ref=ref), tmp_path / "a")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"token": "wrong"}, "token"),
        ({"token": ""}, "Falta el token"),
        ({"page_id": "", "instagram_id": ""}, "Falta el identificador"),
        ({"page_id": "1"}, "código 2500"),
        ({"verify_token": ""}, "no se podrán recibir"),
        ({"url": "https://nobody.invalid"}, "No se encuentra"),
    ],
)
async def test_a_bad_probe_says_what_is_wrong_and_what_to_do(more: dict[str, Any], words: str) -> None:
    async with send_api() as peer:
        said = await line(**{"url": peer.url} | more).probe()
    assert (said.ok, words in said.sentence, bool(said.what_to_do)) == (False, True, True)


async def test_an_app_that_is_not_subscribed_is_told_and_can_be(living: Living) -> None:
    async with send_api() as peer:
        peer.subscribed, messenger = False, line(peer.url)
        async with living(messenger):
            said = await messenger.probe()
            assert (said.ok, "no está suscrita" in said.sentence, "subscribe" in said.what_to_do) == (False, True, True)
            assert await messenger.do(Subscribe()) == {"ok": True}
            assert (await messenger.probe()).ok


async def test_a_good_probe_has_proof_and_no_secrets() -> None:
    async with send_api() as peer:
        said = await line(peer.url).probe()
    assert (said.ok, said.facts["Nombre"]) == (True, "Ferretería El Clavo")
    assert not [secret for secret in (TOKEN, SECRET, VERIFY) if secret in str(said)]
    assert [f.name for f in fields(DRIVER.Settings) if f.secret] == ["token", "app_secret", "verify_token"]


async def test_another_channel_is_not_carried() -> None:
    with pytest.raises(SendError, match="no lleva"):
        await line().send(to_rosa("Hola", channel="sms"))


@pytest.mark.parametrize("fault", ["read", "half_body", "silence"])
async def test_an_upload_without_an_answer_is_simply_tried_again(fault: Fault) -> None:
    async with send_api() as peer:
        assert peer.wire
        peer.wire.fault = fault
        with pytest.raises(NotReady):
            await line(peer.url, patience_s=0.2).send(to_rosa(attachments=(PHOTO,)))
        assert (await line(peer.url).send(to_rosa(attachments=(PHOTO,)))).state == "sent"
    assert len(peer.sent) == 1


async def test_half_a_message_is_a_doubt_and_not_a_second_try() -> None:
    async with send_api() as peer:
        peer.after_first = [Reply(502, body=b"<html>")]
        receipt = await line(peer.url).send(to_rosa("Hola", attachments=(Attachment(ref="77"),)))
    assert (receipt.state, receipt.external_id, len(peer.sent)) == ("doubtful", "m_1", 1)


async def test_a_line_that_ends_leaves_nothing_behind(living: Living) -> None:
    before = (len(os.listdir("/proc/self/fd")), threading.active_count())
    async with send_api() as peer:
        for _ in range(20):
            messenger = line(peer.url)
            async with living(messenger):
                await messenger.send(to_rosa("Hola"))
    assert (len(os.listdir("/proc/self/fd")), threading.active_count()) == before
