"""Bodies as the Send API wants them, and limits that are told before anything is sent."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import Attachment, Card, Choice, Location, Outbound, SendError, Template
from drivers.messenger.outgoing import parts
from tests.drivers.messenger.lines import to_rosa
from tests.drivers.peers.send_api import ROSA, check

YES_NO = (Choice(payload="y", title="Sí"), Choice(payload="n", title="No"))
PHOTO = Attachment(media_type="image/jpeg", ref="https://files.example/foto.jpg")


def bodies(outbound: Outbound) -> list[dict[str, Any]]:
    """As they would be sent, each checked; files as if they were uploaded."""
    found = []
    for part in parts(outbound):
        if part.file:
            part.slot["attachment_id"] = "1"
        check(part.body)
        found.append(part.body)
    return found


def only(outbound: Outbound) -> dict[str, Any]:
    (found,) = bodies(outbound)
    return found


def test_it_works() -> None:
    assert only(to_rosa("Hola", reply_to="m_1")) == {
        "recipient": {"id": ROSA}, "messaging_type": "RESPONSE", "reply_to": {"mid": "m_1"},
        "message": {"text": "Hola", "metadata": "centralita:k1"},
    }  # fmt: skip
    assert only(to_rosa("Hola", channel="instagram"))["message"] == {"text": "Hola"}


def test_a_person_may_answer_for_seven_days() -> None:
    found = only(to_rosa("Hola", options={"tag": "human_agent"}))
    assert (found["messaging_type"], found["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


def test_choices_are_quick_replies_or_buttons_that_stay() -> None:
    quick = only(to_rosa("¿Confirma?", choices=YES_NO))["message"]
    assert [r["payload"] for r in quick["quick_replies"]] == ["y", "n"]
    stay = only(to_rosa("¿Confirma?", choices=YES_NO, options={"style": "buttons"}))["message"]
    assert [b["title"] for b in stay["attachment"]["payload"]["buttons"]] == ["Sí", "No"]


def test_text_and_files_go_one_after_the_other() -> None:
    voice = Attachment(media_type="audio/mp4", content=b"x", name="nota.m4a")
    text, photo, audio = bodies(to_rosa("Vea", attachments=(PHOTO, voice)))
    assert text["message"]["text"] == "Vea"
    assert photo["message"]["attachment"] == {"type": "image", "payload": {"url": PHOTO.ref, "is_reusable": False}}
    assert audio["message"]["attachment"] == {"type": "audio", "payload": {"attachment_id": "1"}}


@pytest.mark.parametrize(
    ("emoji", "channel", "name"),
    [("❤️", "messenger", "love"), ("👍", "messenger", "like"), ("🦄", "messenger", "other"),
     ("👍", "instagram", "love")],
)  # fmt: skip
def test_reactions_have_names(emoji: str, channel: str, name: str) -> None:
    found = only(to_rosa(reaction=emoji, reply_to="m_1", channel=channel))
    assert (found["sender_action"], found["payload"]) == ("react", {"message_id": "m_1", "reaction": name})
    assert only(to_rosa(reaction="", reply_to="m_1"))["sender_action"] == "unreact"


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("empty", {}),
        ("text_too_long", {"text": "x" * 2001}),
        ("text_too_long", {"text": "ñ" * 501, "channel": "instagram"}),
        ("text_too_long", {"text": "x" * 641, "choices": YES_NO, "options": {"style": "buttons"}}),
        ("choices_need_text", {"choices": YES_NO}),
        ("too_many_choices", {"text": "?", "choices": YES_NO * 7}),
        ("too_many_choices", {"text": "?", "choices": YES_NO * 2, "options": {"style": "buttons"}}),
        ("choice_title", {"text": "?", "choices": (Choice(payload="a", title="x" * 21),)}),
        ("choice_payload", {"text": "?", "choices": (Choice(payload="", title="x"),)}),
        ("bad_recipient", {"text": "x", "to": "rosa"}),
        ("bad_recipient", {"text": "x", "to": "123/../me"}),
        ("bad_tag", {"text": "x", "options": {"tag": "HURRY"}}),
        ("no_target", {"reaction": "👍"}),
        ("file_empty", {"attachments": (Attachment(media_type="image/png", content=b""),)}),
        ("file_too_large", {"attachments": (Attachment(media_type="image/png", content=b"x" * (8 << 20) + b"x"),)}),
        ("not_carried", {"template": Template(name="a", language="es")}),
        ("not_carried", {"location": Location(latitude=1, longitude=1)}),
        ("not_carried", {"cards": (Card(name="x"),)}),
    ],
)
def test_what_does_not_fit_is_told_before_it_is_sent(code: str, more: dict[str, Any]) -> None:
    with pytest.raises(SendError) as error:
        bodies(to_rosa(**more))
    assert (error.value.permanent, error.value.code) == (True, code)
    assert "%(" not in str(error.value)


choices = st.builds(Choice, payload=st.text(max_size=4), title=st.text(max_size=22))


@given(st.text(max_size=50), st.lists(choices, max_size=15).map(tuple), st.sampled_from(["", "buttons"]))
def test_whatever_is_asked_is_either_refused_in_words_or_in_order(
    text: str, found: tuple[Choice, ...], style: str
) -> None:
    """`bodies` checks; only a refusal of ours, with its sentence, may come instead."""
    with contextlib.suppress(SendError):
        bodies(to_rosa(text, choices=found, options={"style": style}))
