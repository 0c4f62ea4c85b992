"""Updates of the Bot API: every kind is read, and nothing makes the reader raise."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import Card, Inbound, Location, Party
from drivers.loose import decode
from drivers.telegram.content import EVENTS, UNKNOWN
from drivers.telegram.reading import BLOCKED, REMOVED, UNBLOCKED, update
from tests.drivers.telegram import updates
from tests.drivers.telegram.updates import AT, FORUM, GROUP, PHOTO, PRIVATE, file


def one(given_update: dict[str, Any], take_groups: bool = True) -> Inbound:
    (inbound,) = update(given_update, take_groups).inbounds
    return inbound


def test_it_works() -> None:
    got = one(updates.update(text="¡Hola! 😀"))
    assert (got.external_id, got.channel, got.kind, got.text) == ("5001:7", "telegram", "message", "¡Hola! 😀")
    assert got.sender == Party(address="5001", name="Ana Mora", also=("@ana_mora",))
    assert (got.conversation, got.sent_at) == ("5001", datetime.fromtimestamp(AT, UTC))


def test_the_same_number_in_two_chats_is_two_messages() -> None:
    other = PRIVATE | {"id": 5002}
    assert one(updates.update(text="a")).external_id != one(updates.update(text="a", chat=other)).external_id


@pytest.mark.parametrize(
    ("content", "ref", "media_type", "name"),
    [
        ({"photo": PHOTO}, "l", "image/jpeg", "photo-7.jpg"),
        ({"document": file("d", file_name="factura ñ.pdf", mime_type="application/pdf")}, "d", "application/pdf",
         "factura ñ.pdf"),
        ({"video": file("v", mime_type="video/mp4")}, "v", "video/mp4", "video-7.mp4"),
        ({"video_note": file("n", length=240)}, "n", "video/mp4", "video_note-7.mp4"),
        ({"audio": file("a", mime_type="audio/mpeg", file_name="canción.mp3")}, "a", "audio/mpeg", "canción.mp3"),
        ({"voice": file("o", mime_type="audio/ogg")}, "o", "audio/ogg", "voice-7.ogg"),
        ({"animation": file("g", mime_type="video/mp4"), "document": file("g", mime_type="video/mp4")}, "g",
         "video/mp4", "animation-7.mp4"),
        ({"sticker": file("k", emoji="🎉")}, "k", "image/webp", "sticker-7.webp"),
        ({"sticker": file("k", is_animated=True)}, "k", "application/x-tgsticker", "sticker-7.tgs"),
        ({"sticker": file("k", is_video=True)}, "k", "video/webm", "sticker-7.webm"),
        ({"paid_media": {"star_count": 1, "paid_media": [{"type": "photo", "photo": PHOTO}]}}, "l", "image/jpeg",
         "photo-None.jpg"),
    ],
)  # fmt: skip
def test_each_kind_of_file(content: dict[str, Any], ref: str, media_type: str, name: str) -> None:
    got = one(updates.update(**content, caption="Vea"))
    (attached,) = got.attachments
    assert (attached.ref, attached.media_type, attached.name, attached.size) == (ref, media_type, name, 1234)
    assert (got.text, attached.voice, got.note) == ("Vea", "voice" in content, "")


def test_the_pictures_of_an_album_name_it() -> None:
    first = one(updates.update(number=1, photo=PHOTO, media_group_id="99", caption="Tres fotos"))
    second = one(updates.update(number=2, photo=PHOTO, media_group_id="99", chat=PRIVATE))
    assert first.references == second.references == ("5001:album:99",)


def test_places_and_contacts() -> None:
    where = {"latitude": 9.93, "longitude": -84.08}
    assert one(updates.update(location=where)).location == Location(latitude=9.93, longitude=-84.08)
    venue = {"location": where, "title": "Soda", "address": "Av. 2"}
    assert one(updates.update(venue=venue, location=where)).location == Location(
        latitude=9.93, longitude=-84.08, name="Soda", address="Av. 2"
    )
    contact = {"phone_number": "+50680000009", "first_name": "Luis", "last_name": "Rojas"}
    assert one(updates.update(contact=contact)).cards == (Card(name="Luis Rojas", phones=("+50680000009",)),)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"dice": {"emoji": "🎲", "value": 4}}, "🎲 4"),
        ({"poll": {"question": "¿Hoy?", "options": [{"text": "Sí"}, {"text": "No"}]}}, "¿Hoy?\n- Sí\n- No"),
        ({"sticker": file("k", emoji="🎉")}, "🎉"),
        ({"game": {"title": "Rayuela", "description": "x", "photo": PHOTO}}, "Rayuela"),
        ({"invoice": {"title": "Caja", "description": "12 unidades"}}, "Caja 12 unidades"),
        ({"checklist": {"title": "Falta", "tasks": [{"id": 1, "text": "cinta"}]}}, "Falta\n- cinta"),
        ({"web_app_data": {"data": "x", "button_text": "Abrir"}}, "Abrir"),
    ],
)  # fmt: skip
def test_kinds_that_have_words(content: dict[str, Any], said: str) -> None:
    assert one(updates.update(**content)).text == said


def test_what_cannot_be_shown_says_so_and_keeps_its_object() -> None:
    got = one(updates.update(hologram={"file_id": "h"}))
    assert (got.kind, got.note, got.raw["message"]["hologram"]) == ("message", UNKNOWN, {"file_id": "h"})


def test_an_address_under_words_is_shown_after_them() -> None:
    marks = [{"type": "text_link", "offset": 3, "length": 4, "url": "https://tienda.example/a"},
             {"type": "bold", "offset": 0, "length": 2}]  # fmt: skip
    assert one(updates.update(text="😀 aquí.", entities=marks)).text == "😀 aquí (https://tienda.example/a)."


def test_a_start_link_carries_its_payload() -> None:
    assert one(updates.update(text="/start promo-12")).payload == "promo-12"


def test_an_edit_is_news_about_the_message() -> None:
    edited = {"update_id": 88, "edited_message": updates.message(text="Corregido", edit_date=AT + 60)}
    got = one(edited)
    assert (got.kind, got.about, got.external_id, got.text) == ("edit", "5001:7", "5001:7:edit:88", "Corregido")
    assert got.sent_at == datetime.fromtimestamp(AT + 60, UTC)


def test_topics_are_conversations_and_their_opening_is_no_answer() -> None:
    opened = updates.message(3, FORUM, forum_topic_created={"name": "Ventas"})
    more = {"chat": FORUM, "message_thread_id": 3, "is_topic_message": True}
    first = one(updates.update(text="hola", reply_to_message=opened, **more))
    assert (first.conversation, first.reply_to, first.external_id) == ("-1007001/3", "", "-1007001:7")
    answer = one(updates.update(text="hola", reply_to_message=updates.message(4, FORUM), **more))
    assert answer.reply_to == "-1007001:4"


def test_a_button_a_reaction_and_its_taking_back() -> None:
    pressed = update(updates.callback())
    got = pressed.inbounds[0]
    assert (pressed.callback, got.kind, got.payload, got.text, got.about) == (
        "cb1", "choice", "si", "Sí, gracias", "5001:9")  # fmt: skip
    assert [one(updates.reaction(emoji=e)).text for e in ("👍", "")] == ["👍", ""]
    assert one(updates.reaction()).about == "5001:7"


def test_blocking_and_its_end_are_events() -> None:
    blocked, back = one(updates.member("kicked")), one(updates.member("member", 2))
    assert [(e.kind, e.note, e.payload) for e in (blocked, back)] == [
        ("event", BLOCKED, "blocked"), ("event", UNBLOCKED, "unblocked")]  # fmt: skip
    assert one(updates.member("left", chat=GROUP)).note == REMOVED


def test_migration_is_an_event_that_names_the_new_chat() -> None:
    got = one(updates.update(chat=GROUP, migrate_to_chat_id=-1007009))
    assert (got.kind, got.payload, got.note) == ("event", "-1007009", EVENTS["migrate_to_chat_id"])


@pytest.mark.parametrize(
    "unwanted",
    [updates.update(text="hola", chat=GROUP), updates.reaction(chat=GROUP), updates.callback(chat=GROUP),
     updates.member("member", chat=GROUP)],
)  # fmt: skip
def test_nothing_that_people_say_in_an_unwanted_group_is_kept(unwanted: dict[str, Any]) -> None:
    read = update(unwanted)
    assert [i for i in read.inbounds if i.kind != "event"] == []
    assert update(unwanted, take_groups=True).group is None


def test_a_group_is_named_so_that_it_can_be_told() -> None:
    assert update(updates.update(text="hola", chat=GROUP)).group == -7001
    assert update(updates.member("member", chat=GROUP)).group == -7001
    assert update(updates.member("kicked", chat=GROUP)).group is None


NAMES = st.sampled_from(
    "update_id message edited_message callback_query message_reaction my_chat_member chat from id message_id date text "
    "entities offset length url photo file_id document poll options contact location latitude longitude reply_markup "
    "inline_keyboard callback_data data new_reaction new_chat_member type message_thread_id is_topic_message".split()
)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=40,
)


@given(ANY, st.booleans())
def test_no_json_makes_it_raise(value: Any, take_groups: bool) -> None:
    update(value, take_groups)


@given(st.sampled_from([updates.callback(), updates.update(photo=PHOTO, caption="x"), updates.reaction()]), st.data())
def test_no_twisted_update_makes_it_raise(genuine: dict[str, Any], data: st.DataObject) -> None:
    """One part of a true update, at any depth, becomes something else."""
    twisted = json.loads(json.dumps(genuine))
    place: Any = twisted
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(list(keys)))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(ANY)
            break
        place = place[key]
    update(twisted, True)


@given(st.binary(max_size=200) | st.integers(1, 3).map(lambda n: b"[" * 10**n * 100))
def test_no_bytes_make_it_raise(body: bytes) -> None:
    update(decode(body))
