"""What people send, kind by kind, from webhooks in Meta's own shape."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from drivers.contract import Attachment, Card, HookReply, Inbound, Location, Party
from drivers.whatsapp.inbound import Reader
from tests.drivers.meta.signing import AT
from tests.drivers.peers.cloud_api import ACCOUNT, NUMBER
from tests.drivers.whatsapp.payloads import (
    CARD,
    HIDDEN,
    KINDS,
    ORIGINAL,
    ROSA,
    TEXT,
    WAMID,
    body,
    change,
    echo,
    messages,
    said,
    status,
)

ROSA_PARTY = Party(address="+50680000001", name="Rosa Montiel Ñ", also=("CR.1349120865530",))
US = Party(address="+50640000000")


def read(payload: Any, account: str = ACCOUNT) -> HookReply:
    return Reader(NUMBER, account).read(payload, AT)


def one(payload: Any) -> Inbound:
    (found,) = read(payload).inbounds
    return found


def of(kind: str) -> Inbound:
    return one(messages(KINDS[kind]))


def test_it_works() -> None:
    found = one(TEXT)
    assert (found.kind, found.text, found.sender, found.to) == ("message", "¿Tienen cemento? 😀", ROSA_PARTY, (US,))
    assert (found.external_id, found.channel) == (WAMID, "whatsapp")
    assert found.sent_at == datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)
    assert found.raw["text"] == {"body": "¿Tienen cemento? 😀"}


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("image", Attachment(media_type="image/jpeg", ref="1003383421387256")),
        ("voice", Attachment(media_type="audio/ogg", ref="A1", voice=True)),
        ("video", Attachment(media_type="video/mp4", ref="V1")),
        ("document", Attachment(media_type="application/pdf", ref="D1", name="cotización.pdf")),
        ("sticker", Attachment(media_type="image/webp", ref="S1")),
    ],
)
def test_files_come_as_ids_to_be_fetched(kind: str, file: Attachment) -> None:
    assert (of(kind).kind, of(kind).attachments) == ("message", (file,))


def test_what_is_written_under_a_picture_is_text() -> None:
    assert of("image").text == "Así quedó"


def test_places_and_contacts() -> None:
    place = Location(latitude=9.9281, longitude=-84.0907, name="Mercado", address="Av 1")
    assert of("location").location == place
    workshop = Card(name="Taller El Volante", phones=("+506 8000 0004",), emails=("taller@example.com",))
    assert of("contacts").cards == (workshop, Card(name="+506 8000 0005", phones=("+506 8000 0005",)))


def test_a_reaction_speaks_of_a_message_and_can_be_taken_back() -> None:
    assert (of("reaction").kind, of("reaction").about, of("reaction").text) == ("reaction", ORIGINAL, "👍")
    back = one(messages(said("reaction", {"message_id": ORIGINAL})))
    assert (back.kind, back.about, back.text) == ("reaction", ORIGINAL, "")


@pytest.mark.parametrize(
    ("kind", "payload", "text"),
    [("button", "STOP", "No más"), ("button_reply", "yes", "Sí"), ("list_reply", "express", "Exprés"),
     ("flow", '{"size":"M"}', "Sent")],
)  # fmt: skip
def test_what_was_chosen_names_its_question(kind: str, payload: str, text: str) -> None:
    found = of(kind)
    assert (found.kind, found.payload, found.text, found.about) == ("choice", payload, text, ORIGINAL)


def test_an_order_is_readable() -> None:
    assert of("order").text == "2 × CLAVO-2 (30 CRC)\n1 × MARTILLO (2500.5 CRC)"


def test_edits_and_deletions_speak_of_the_first_message() -> None:
    assert (of("edit").kind, of("edit").about, of("edit").text) == ("edit", ORIGINAL, "Quise decir 12")
    assert (of("edit_caption").kind, of("edit_caption").text, of("edit_caption").note) == ("edit", "Nuevo pie", "")
    assert (of("revoke").kind, of("revoke").about) == ("delete", ORIGINAL)


def test_an_answer_and_an_advertisement_are_told() -> None:
    found = one(messages(said("text", {"body": "Sí"}, context={"id": ORIGINAL})))
    assert (found.kind, found.reply_to) == ("message", ORIGINAL)
    assert (of("ad").subject, of("ad").payload, of("ad").text) == ("Cemento barato", "120226", "Info")


def test_what_cannot_be_read_says_so_in_words_and_keeps_the_rest() -> None:
    assert "teléfono" in of("unsupported").note
    assert (of("unknown").kind, of("unknown").text) == ("message", "algo nuevo")
    assert "no conoce" in of("unknown").note
    assert of("unknown").raw["type"] == "hologram"


def test_who_hides_the_number_is_known_by_the_user_id() -> None:
    bare = {"id": "w1", "timestamp": "1749416383", "type": "text", "text": {"body": "Hola"}}
    hidden = Party(address="MX.77", name="Lupe")
    assert one(messages(bare, contacts=(HIDDEN,))).sender == hidden
    assert one(messages(bare | {"from_user_id": "MX.77"}, contacts=(CARD, HIDDEN))).sender == hidden
    nameless = {"profile": {"username": "lupe.arce"}, "user_id": "MX.77"}
    assert one(messages(bare, contacts=(nameless,))).sender == Party(address="MX.77", name="@lupe.arce")


def test_two_people_in_one_change_are_not_mixed_up() -> None:
    other = {"profile": {"name": "Ignacio"}, "wa_id": "50680000002"}
    second = said("text", {"body": "Yo también"}) | {"from": "50680000002", "from_user_id": "", "id": "w2"}
    found = read(messages(KINDS["text"], second, contacts=(other, CARD))).inbounds
    assert [f.sender.name for f in found if f.sender] == ["Rosa Montiel Ñ", "Ignacio"]


def test_a_new_number_joins_the_old_one_and_the_id() -> None:
    found = of("system")
    assert (found.kind, found.payload, found.automatic) == ("event", "user_changed_number", True)
    assert found.sender == Party(
        address="+50680000009", name="Rosa Montiel Ñ", also=("+50680000001", "CR.1349120865530")
    )


def test_a_new_user_id_joins_the_old_one() -> None:
    update = {"wa_id": ROSA, "user_id": {"previous": "CR.1", "current": "CR.2"}, "timestamp": "1749416383"}
    found = one(body(change({"user_id_update": [update]}, "user_id_update")))
    assert found.sender == Party(address="+50680000001", also=("CR.2", "CR.1"))
    assert (found.kind, found.payload) == ("event", "user_changed_user_id")


def test_what_the_phone_app_sent_is_an_echo_from_us() -> None:
    found = one(echo("text", {"body": "Ya le averiguo"}))
    assert (found.kind, found.sender, found.text) == ("echo", US, "Ya le averiguo")
    assert found.to == (Party(address="+50680000001", also=("CR.1349120865530",)),)
    edited = one(echo("edit", {"original_message_id": ORIGINAL, "message": {"type": "text", "text": {"body": "Ya"}}}))
    assert (edited.kind, edited.sender, edited.about, edited.text) == ("edit", US, ORIGINAL, "Ya")
    assert one(echo("revoke", {"original_message_id": ORIGINAL})).kind == "delete"


def test_every_entry_and_every_change_is_read() -> None:
    changes = [change({"messages": [said("text", {"body": str(n)}) | {"id": f"w{n}"}]}) for n in range(4)]
    payload = body(*changes[:2])
    payload["entry"] += body(*changes[2:])["entry"]
    changes[3]["value"]["statuses"] = [status()]
    reply = read(payload)
    assert [m.text for m in reply.inbounds] == ["0", "1", "2", "3"]
    assert [s.state for s in reply.statuses] == ["delivered"]


def test_other_numbers_and_other_accounts_are_passed_over() -> None:
    assert read(body(change({"messages": [KINDS["text"]]}, number="999"))) == HookReply()
    paused = {"field": "message_template_status_update", "value": {"event": "PAUSED", "message_template_name": "x"}}
    assert read(body(paused, account="other")) == HookReply()
    found = one(body(paused))
    assert (found.kind, found.payload, found.text) == ("event", "message_template_status_update", "PAUSED")
    assert one(body(paused)).external_id == found.external_id


def test_stopping_marketing_is_an_event() -> None:
    wish = {"wa_id": ROSA, "category": "marketing_messages", "value": "stop", "timestamp": "1749416383"}
    found = one(body(change({"contacts": [CARD], "user_preferences": [wish]}, "user_preferences")))
    assert (found.kind, found.payload, found.sender) == ("event", "marketing_messages:stop", ROSA_PARTY)


def test_a_call_rings_and_ends() -> None:
    rings = {"id": "c1", "from": ROSA, "event": "connect", "timestamp": "1749416383", "direction": "USER_INITIATED"}
    ends = rings | {"event": "terminate", "status": "COMPLETED", "duration": 30, "start_time": "1749416390"}
    missed = rings | {"id": "c2", "event": "terminate", "status": "FAILED"}
    found = read(body(*[change({"contacts": [CARD], "calls": [each]}, "calls") for each in (rings, ends, missed)]))
    stories = [(f.call.direction, f.call.state, f.call.outcome, f.call.other) for f in found.inbounds if f.call]
    rosa = "+50680000001"
    assert stories == [("in", "ringing", "", rosa), ("in", "ended", "answered", rosa), ("in", "ended", "failed", rosa)]
    assert len({f.external_id for f in found.inbounds}) == 3


def test_trouble_with_the_number_is_told_in_spanish() -> None:
    found = one(body(change({"errors": [{"code": 131042, "title": "Payment"}]})))
    assert (found.kind, found.payload) == ("event", "131042")
    assert "pago" in found.text


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_everything_survives_being_stored(kind: str) -> None:
    found = of(kind)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Inbound) == found
