"""Sending to a Cloud API that is strict about every body."""

import pytest

from drivers.contract import Attachment, NeedsHuman, NotReady, Outbound, SendError, Template
from tests.drivers.peers.cloud_api import cloud_api, refusal
from tests.drivers.peers.wire import Fault, Reply
from tests.drivers.whatsapp.lines import line, to_rosa

VOICE = Attachment(media_type="audio/ogg", content=b"OggS", name="nota.ogg", voice=True)


async def test_it_works() -> None:
    async with cloud_api() as peer:
        receipt = await line(peer.url).send(to_rosa("Hola, ¿cómo está? 😀"))
    assert (receipt.external_id, receipt.state, receipt.parts) == ("wamid.1", "accepted", 1)
    assert peer.sent[0]["text"] == {"body": "Hola, ¿cómo está? 😀"}
    assert peer.sent[0]["biz_opaque_callback_data"] == "k1"


async def test_files_are_uploaded_first_and_then_sent_by_their_id() -> None:
    async with cloud_api() as peer:
        receipt = await line(peer.url).send(to_rosa("Escuche", attachments=(VOICE,)))
    assert (receipt.external_id, receipt.also, receipt.parts) == ("wamid.1", ("wamid.2",), 2)
    assert peer.files == {"media-1": ("audio/ogg", b"OggS")}
    assert peer.sent[1]["audio"] == {"voice": True, "id": "media-1"}


async def test_a_template_with_a_picture() -> None:
    photo = Attachment(media_type="image/png", content=b"\x89PNG", name="ñandú.png")
    template = Template(name="oferta", language="es_MX", body=("Rosa",), header_media=photo)
    async with cloud_api() as peer:
        await line(peer.url).send(to_rosa(template=template))
    assert peer.sent[0]["template"]["components"][0]["parameters"] == [{"type": "image", "image": {"id": "media-1"}}]


@pytest.mark.parametrize(
    ("code", "permanent", "words"),
    [(131047, True, "plantilla"), (131026, True, "no tiene WhatsApp"), (131049, True, "No insista"),
     (131051, True, "tipo"), (132001, True, "plantilla"), (100, True, "no entendió"), (131050, True, "mercadotecnia"),
     (130429, False, "demasiadas"), (131056, False, "seguidos"), (131016, False, "ocupada"),
     (80007, False, "más tarde")],
)  # fmt: skip
async def test_refusals_are_typed_and_in_spanish(code: int, permanent: bool, words: str) -> None:
    async with cloud_api() as peer:
        peer.refusals = [refusal(code)]
        with pytest.raises(SendError, match=words) as error:
            await line(peer.url).send(to_rosa("Hola"))
    assert (error.value.permanent, error.value.code) == (permanent, str(code))
    assert permanent or error.value.after_s
    assert peer.sent == []


@pytest.mark.parametrize("code", [190, 10, 200, 131005, 131031, 131042, 133010, 368, 131048])
async def test_what_only_a_person_can_mend_stops_the_line(code: int) -> None:
    async with cloud_api() as peer:
        peer.refusals = [refusal(code)]
        with pytest.raises(NeedsHuman) as error:
            await line(peer.url).send(to_rosa("Hola"))
    assert error.value.what_to_do


async def test_a_wrong_token_is_a_persons_business() -> None:
    async with cloud_api() as peer:
        with pytest.raises(NeedsHuman, match="token"):
            await line(peer.url, token="EAAold").send(to_rosa("Hola"))


async def test_a_refused_upload_sends_nothing() -> None:
    strange = Attachment(media_type="application/x-thing", content=b"x", name="a.thing")
    async with cloud_api() as peer:
        with pytest.raises(SendError):
            await line(peer.url).send(to_rosa("Hola", attachments=(VOICE, strange)))
    assert peer.sent == []


@pytest.mark.parametrize("fault", ["read", "half_body", "silence"])
async def test_an_upload_without_an_answer_is_simply_tried_again(fault: Fault) -> None:
    """Nobody received anything by it."""
    async with cloud_api() as peer:
        assert peer.wire
        peer.wire.fault = fault
        with pytest.raises(NotReady):
            await line(peer.url, patience_s=0.2).send(to_rosa(attachments=(VOICE,)))
        assert (await line(peer.url).send(to_rosa(attachments=(VOICE,)))).state == "accepted"
    assert len(peer.sent) == 1


@pytest.mark.parametrize("reply", [Reply(502, body=b"<html>"), Reply(504), Reply(200, {"ok": True}), Reply(200),
                                   refusal(1, status=500)])  # fmt: skip
async def test_a_word_that_says_neither_yes_nor_no_is_a_doubt(reply: Reply) -> None:
    async with cloud_api() as peer:
        peer.refusals = [reply]
        receipt = await line(peer.url).send(to_rosa("Hola"))
    assert (receipt.state, receipt.external_id) == ("doubtful", "")
    assert "antes de reenviar" in receipt.note


async def test_half_a_message_is_a_doubt_and_not_a_second_try() -> None:
    async with cloud_api() as peer:
        peer.after_first = [refusal(131056)]
        known = Attachment(media_type="audio/ogg", ref="77")
        receipt = await line(peer.url).send(to_rosa("Hola", attachments=(known,)))
    assert (receipt.state, receipt.external_id, len(peer.sent)) == ("doubtful", "wamid.1", 1)
    assert "Solo salió una parte" in receipt.note


async def test_a_closed_port_is_certainly_not_sent() -> None:
    async with cloud_api() as peer:
        pass
    with pytest.raises(NotReady, match="no acepta"):
        await line(peer.url).send(to_rosa("Hola"))


async def test_another_channel_is_not_carried() -> None:
    with pytest.raises(SendError, match="no lleva"):
        await line().send(Outbound(key="k", channel="sms", to="+50680000001", text="x"))
