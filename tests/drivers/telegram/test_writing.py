"""An Outbound as calls of the Bot API: what fits goes by the right method, what does not is refused at home."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import Attachment, Card, Choice, Location, Outbound, SendError
from drivers.telegram import ids
from drivers.telegram.writing import MB, Call, calls

JPEG = Attachment(media_type="image/jpeg", name="a.jpg", content=b"j")
PDF = Attachment(media_type="application/pdf", name="a.pdf", content=b"p")
MP4 = Attachment(media_type="video/mp4", name="a.mp4", content=b"v")


def out(**more: object) -> Outbound:
    return Outbound(**({"key": "k1", "channel": "telegram", "to": "5001"} | more))  # type: ignore[arg-type]


def methods(made: list[Call]) -> list[str]:
    return [call.method for call in made]


def test_it_works() -> None:
    (call,) = calls(out(text="Hola", reply_to="5001:7"))
    assert (call.method, call.files) == ("sendMessage", {})
    reply = {"message_id": 7, "allow_sending_without_reply": True}
    assert call.fields == {"chat_id": "5001", "text": "Hola", "reply_parameters": reply}


@pytest.mark.parametrize(
    ("media_type", "method"),
    [
        ("image/jpeg", "sendPhoto"), ("image/png", "sendPhoto"), ("image/gif", "sendAnimation"),
        ("image/svg+xml", "sendDocument"), ("video/mp4", "sendVideo"), ("video/x-matroska", "sendDocument"),
        ("audio/mpeg", "sendAudio"), ("audio/ogg", "sendDocument"), ("application/pdf", "sendDocument"),
    ],
)  # fmt: skip
def test_each_kind_of_file_has_its_method(media_type: str, method: str) -> None:
    (call,) = calls(out(text="Vea", attachments=(Attachment(media_type=media_type, name="x", content=b"x"),)))
    assert (call.method, call.fields["caption"], list(call.files)) == (method, "Vea", [method[4:].lower()])


def test_a_voice_note_and_a_picture_too_big_for_a_photo() -> None:
    assert methods(calls(out(attachments=(Attachment(media_type="audio/ogg", content=b"o", voice=True),)))) == [
        "sendVoice"
    ]
    big = Attachment(media_type="image/jpeg", path="big.jpg", size=11 * MB)
    assert methods(calls(out(attachments=(big,)))) == ["sendDocument"]


def test_files_stand_together_as_far_as_they_may() -> None:
    made = calls(out(text="Tres", attachments=(JPEG, MP4, PDF, *[JPEG] * 11)))
    assert methods(made) == ["sendMediaGroup", "sendDocument", "sendMediaGroup", "sendPhoto"]
    assert [len(call.files) for call in made] == [2, 1, 10, 1]
    first = made[0].fields["media"]
    assert first[0] == {"type": "photo", "media": "attach://file0", "caption": "Tres"}
    assert first[1] == {"type": "video", "media": "attach://file1"}


def test_buttons_get_a_message_of_their_own_beside_an_album() -> None:
    choices = (Choice(payload="si", title="Sí"), Choice(payload="no", title="No"))
    made = calls(out(text="¿Cuál?", attachments=(JPEG, JPEG), choices=choices))
    assert methods(made) == ["sendMediaGroup", "sendMessage"]
    rows = [[{"text": "Sí", "callback_data": "si"}], [{"text": "No", "callback_data": "no"}]]
    assert made[1].fields["reply_markup"] == {"inline_keyboard": rows}
    assert methods(calls(out(text="¿Cuál?", attachments=(JPEG,), choices=choices))) == ["sendPhoto"]


def test_places_contacts_and_reactions() -> None:
    place, named = Location(latitude=9.9, longitude=-84.1), Location(latitude=9.9, longitude=-84.1, name="Soda")
    card = Card(name="Luis Rojas Mora", phones=("+50680000009",))
    made = calls(out(location=place, cards=(card,)))
    assert methods(made) == ["sendLocation", "sendContact"]
    assert made[1].fields["last_name"] == "Rojas Mora"
    (words,) = calls(out(cards=(Card(name="Luis", emails=("luis@tienda.example",)),)))
    assert (words.method, words.fields["text"]) == ("sendMessage", "Luis\nluis@tienda.example")
    assert calls(out(location=named))[0].fields["address"] == "Soda"
    (reaction,) = calls(out(reaction="👍", reply_to="5001:7"))
    assert reaction.fields == {"chat_id": "5001", "message_id": 7, "reaction": [{"type": "emoji", "emoji": "👍"}]}
    assert calls(out(reaction="", reply_to="5001:7"))[0].fields["reaction"] == []


def test_topics_and_options() -> None:
    (call,) = calls(out(to="-1007001/3", text="x", options={"silent": "true", "preview": "false", "protect": "no"}))
    assert (call.fields["chat_id"], call.fields["message_thread_id"]) == ("-1007001", 3)
    assert call.fields["disable_notification"] is True
    assert call.fields["link_preview_options"] == {"is_disabled": True}
    assert "protect_content" not in call.fields


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({}, "empty"), ({"text": "x", "to": "no es un chat"}, "address"), ({"text": "x", "to": "5001/x"}, "address"),
        ({"text": "x" * 4097}, "too_long"), ({"text": "x" * 1025, "attachments": (JPEG,)}, "long_caption"),
        ({"text": "x", "channel": "sms"}, "channel"), ({"reaction": "👍"}, "reply_to"),
        ({"text": "x", "choices": (Choice(payload="ñ" * 33, title="t"),)}, "choice"),
        ({"text": "x", "choices": (Choice(payload="a", title="t"),) * 101}, "too_many"),
        ({"attachments": (Attachment(media_type="video/mp4", path="v", size=51 * MB),)}, "too_big"),
        ({"attachments": (Attachment(name="perdido"),)}, "no_file"),
        ({"choices": (Choice(payload="a", title="t"),), "location": Location(latitude=1, longitude=1)}, "no_text"),
    ],
)  # fmt: skip
def test_what_cannot_go_is_refused_in_words(wrong: dict[str, object], code: str) -> None:
    with pytest.raises(SendError) as error:
        calls(out(**wrong))
    assert (error.value.code, error.value.permanent) == (code, True)
    assert str(error.value).endswith(".")


@given(st.integers(-(2**52), 2**52), st.integers(0, 2**31))
def test_ids_round_trip(chat: int, number: int) -> None:
    assert ids.number_in(ids.message_id(chat, number)) == number
    assert ids.address(f"{chat}/{number}") == (str(chat), number)


@given(st.text())
def test_an_address_is_a_chat_or_refused(to: str) -> None:
    chat, _, topic = to.partition("/")
    fits = re.fullmatch(r"-?[0-9]{1,18}|@[A-Za-z_][A-Za-z0-9_]*", chat) and re.fullmatch(r"[0-9]*", topic)
    if fits:
        assert calls(out(to=to, text="x"))[0].fields["chat_id"] == chat
        return
    with pytest.raises(SendError, match="conversación"):
        calls(out(to=to, text="x"))
