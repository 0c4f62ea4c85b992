"""Bodies that Meta's reference allows, and limits that are told before anything is sent."""

import contextlib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import Attachment, Card, Choice, Location, Outbound, SendError, Template
from drivers.whatsapp.outgoing import envelope, parts
from tests.drivers.peers.cloud_api import judge
from tests.drivers.whatsapp.lines import to_rosa

YES_NO = (Choice(payload="y", title="Sí"), Choice(payload="n", title="No"))
PHOTO = Attachment(media_type="image/jpeg", ref="https://files.example/foto.jpg", name="foto.jpg")


def bodies(outbound: Outbound) -> list[dict[str, Any]]:
    """As they would be sent, each judged; files as if they were uploaded."""
    found = []
    for part in parts(outbound):
        if part.file:
            part.slot["id"] = "media-1"
        found.append(envelope(outbound, part))
        judge(found[-1])
    return found


def only(outbound: Outbound) -> dict[str, Any]:
    (found,) = bodies(outbound)
    return found


def refused(outbound: Outbound) -> SendError:
    with pytest.raises(SendError) as error:
        bodies(outbound)
    assert error.value.permanent
    return error.value


def test_it_works() -> None:
    assert only(to_rosa("Hola", reply_to="wamid.1")) == {
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "+50680000001", "type": "text",
        "text": {"body": "Hola"}, "context": {"message_id": "wamid.1"}, "biz_opaque_callback_data": "k1",
    }  # fmt: skip


def test_the_judge_can_say_no() -> None:
    good = only(to_rosa("Hola"))
    for bad in ({**good, "text": {"bodi": "x"}}, {**good, "recipient_type": "nobody"}, {**good, "extra": 1}):
        with pytest.raises(msgspec.ValidationError):
            judge(bad)


def test_links_get_a_preview_unless_not_wanted() -> None:
    assert only(to_rosa("Vea https://tienda.example"))["text"]["preview_url"] is True
    assert "preview_url" not in only(to_rosa("Vea https://tienda.example", options={"preview": "no"}))["text"]


@pytest.mark.parametrize("to", ["+506 8000-0001", "50680000001", "(506) 8000.0001"])
def test_a_number_goes_with_its_plus(to: str) -> None:
    assert only(to_rosa("Hola", to=to))["to"] == "+50680000001"


def test_a_user_id_is_a_recipient_without_number() -> None:
    found = only(to_rosa("Hola", to="CR.1349120865530"))
    assert (found["recipient"], "to" in found) == ("CR.1349120865530", False)


def test_a_group_is_said_to_be_one() -> None:
    group = "Y2FwaV9ncm91cDoxODA1NTU1MDE3MjoxMjAzNjMyMjI3NzE5NjMwNjcZD"
    found = only(to_rosa("Hola", to=group))
    assert (found["recipient_type"], found["to"]) == ("group", group)


@pytest.mark.parametrize("to", ["", "rosa", "+0123456789", "123", "cr.12", "CR.12;x", "+506 8000 0001 ext 2"])
def test_who_is_nobody_gets_nothing(to: str) -> None:
    assert refused(to_rosa("Hola", to=to)).code == "bad_recipient"


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [("image/jpeg", "image"), ("image/webp", "sticker"), ("video/mp4", "video"), ("audio/ogg; codecs=opus", "audio"),
     ("application/pdf", "document"), ("image/heic", "document")],
)  # fmt: skip
def test_files_go_as_what_they_are(media_type: str, kind: str) -> None:
    assert only(to_rosa(attachments=(Attachment(media_type=media_type, content=b"x", name="a.x"),)))["type"] == kind


def test_the_text_rides_on_the_first_file_that_can_carry_it() -> None:
    assert only(to_rosa("Vea", attachments=(PHOTO,)))["image"] == {"caption": "Vea", "link": PHOTO.ref}
    voice = Attachment(media_type="audio/ogg", content=b"x", voice=True)
    first, second = bodies(to_rosa("Escuche", attachments=(voice,)))
    assert (first["text"]["body"], second["audio"]) == ("Escuche", {"voice": True, "id": "media-1"})
    long = bodies(to_rosa("x" * 1025, attachments=(PHOTO,)))
    assert [b["type"] for b in long] == ["text", "image"]


def test_a_document_keeps_its_name_and_a_known_id_is_not_uploaded() -> None:
    known = Attachment(media_type="application/pdf", ref="1003383421", name="cotización.pdf")
    assert only(to_rosa(attachments=(known,)))["document"] == {"filename": "cotización.pdf", "id": "1003383421"}


def test_many_parts_keep_their_order() -> None:
    whole = to_rosa(
        "Mire", attachments=(PHOTO, PHOTO), location=Location(latitude=9.9, longitude=-84.1, name="Local"),
        cards=(Card(name="Taller", phones=("+50680000004",), emails=("t@example.com",)),), choices=YES_NO,
    )  # fmt: skip
    assert [b["type"] for b in bodies(whole)] == ["image", "image", "location", "contacts", "interactive"]


def test_a_place_goes_in_degrees_written_as_text() -> None:
    found = only(to_rosa(location=Location(latitude=9.9281, longitude=-84.0907, name="Mercado")))
    assert found["location"] == {"latitude": "9.9281000", "longitude": "-84.0907000", "name": "Mercado"}
    assert refused(to_rosa(location=Location(latitude=91, longitude=0))).code == "bad_place"


def test_up_to_three_short_choices_are_buttons() -> None:
    found = only(to_rosa("¿Confirma?", choices=YES_NO, options={"footer": "Ferretería", "header": "Pedido"}))
    assert found["interactive"]["type"] == "button"
    assert [b["reply"]["id"] for b in found["interactive"]["action"]["buttons"]] == ["y", "n"]
    assert found["interactive"]["footer"] == {"text": "Ferretería"}


def test_more_choices_are_a_list_in_sections() -> None:
    rows = tuple(Choice(payload=str(n), title=f"Opción {n}", section="AB"[n % 2], description="…") for n in range(10))
    action = only(to_rosa("Elija", choices=rows, options={"list_button": "Abrir"}))["interactive"]["action"]
    assert (action["button"], [s["title"] for s in action["sections"]]) == ("Abrir", ["A", "B"])
    assert [len(s["rows"]) for s in action["sections"]] == [5, 5]


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("empty", {}),
        ("text_too_long", {"text": "x" * 4097}),
        ("text_too_long", {"attachments": (Attachment(media_type="image/png", content=b"x", caption="x" * 1025),)}),
        ("choices_need_text", {"choices": YES_NO}),
        ("text_too_long", {"choices": YES_NO, "text": "x" * 1025}),
        ("too_many_choices", {"text": "?", "choices": tuple(Choice(payload=str(n), title=str(n)) for n in range(11))}),
        ("choice_too_long", {"text": "?", "choices": (Choice(payload="a", title="x" * 25),)}),
        ("choice_empty", {"text": "?", "choices": (Choice(payload="a", title=" "),)}),
        ("choice_twice", {"text": "?", "choices": (Choice(payload="a", title="x"), Choice(payload="b", title="x"))}),
        ("choice_twice", {"text": "?", "choices": (Choice(payload="a", title="x"), Choice(payload="a", title="y"))}),
        ("choice_payload", {"text": "?", "choices": (Choice(payload="", title="x"),)}),
        ("description_too_long", {"text": "?", "choices": (Choice(payload="a", title="x", description="y" * 73),)}),
        ("section", {"text": "?", "choices": (Choice(payload="a", title="x", section="y" * 25),)}),
        ("side_too_long", {"text": "?", "choices": YES_NO, "options": {"footer": "x" * 61}}),
        ("too_many_cards", {"cards": (Card(name="x"),) * 6}),
        ("no_target", {"reaction": "👍"}),
        ("file_empty", {"attachments": (Attachment(media_type="image/png", content=b"", name="a.png"),)}),
        ("file_too_large", {"attachments": (Attachment(media_type="image/png", content=b"x" * (5 << 20) + b"x"),)}),
        ("template_unnamed", {"template": Template(name="", language="es")}),
        ("template_value", {"template": Template(name="a", language="es", body=("x", " "))}),
        ("template_names", {"template": Template(name="a", language="es", body=("x",)), "options": {"names": "a,b"}}),
        ("template_button", {"template": Template(name="a", language="es", buttons={"10": "x"})}),
    ],
)
def test_what_does_not_fit_is_told_before_it_is_sent(code: str, more: dict[str, Any]) -> None:
    error = refused(to_rosa(**more))
    assert error.code == code
    assert "%(" not in str(error)


def test_a_file_on_disk_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "gran.mp4"
    path.touch()
    with path.open("r+b") as file:
        file.truncate(17 << 20)
    error = refused(to_rosa(attachments=(Attachment(media_type="video/mp4", path=str(path), name="gran.mp4"),)))
    assert str(error) == "El archivo «gran.mp4» pesa 17.0 MB; Meta acepta hasta 16.0 MB de este tipo."


def test_a_template_with_everything() -> None:
    pdf = Attachment(media_type="application/pdf", content=b"%PDF", name="factura.pdf")
    template = Template(
        name="factura", language="es", body=("Rosa", "₡12 500"), header_media=pdf, buttons={"0": "PAGADO", "1": "77/x"}
    )
    found = only(to_rosa(template=template, options={"button.1": "url"}))["template"]
    assert found["language"] == {"policy": "deterministic", "code": "es"}
    header, text, quick, url = found["components"]
    assert header["parameters"] == [
        {"type": "document", "document": {"filename": "factura.pdf", "id": "media-1"}}
    ]
    assert [p["text"] for p in text["parameters"]] == ["Rosa", "₡12 500"]
    assert (quick["sub_type"], quick["parameters"]) == ("quick_reply", [{"type": "payload", "payload": "PAGADO"}])
    assert (url["sub_type"], url["index"], url["parameters"]) == ("url", "1", [{"type": "text", "text": "77/x"}])


def test_a_template_without_variables_and_with_a_text_header() -> None:
    assert "components" not in only(to_rosa(template=Template(name="hola", language="es")))["template"]
    headed = only(to_rosa(template=Template(name="hola", language="es", header=("Rosa",))))["template"]
    assert headed["components"] == [{"type": "header", "parameters": [{"type": "text", "text": "Rosa"}]}]


def test_variables_may_have_names() -> None:
    named = Template(name="hola", language="es", body=("Rosa", "77"))
    found = only(to_rosa(template=named, options={"names": "first_name, order"}))["template"]
    assert found["components"][0]["parameters"] == [
        {"type": "text", "parameter_name": "first_name", "text": "Rosa"},
        {"type": "text", "parameter_name": "order", "text": "77"},
    ]


def test_a_reaction_and_its_taking_back() -> None:
    found = only(to_rosa(reaction="👍", reply_to="wamid.1"))
    assert (found["reaction"], "context" in found) == ({"message_id": "wamid.1", "emoji": "👍"}, False)
    assert only(to_rosa(reaction="", reply_to="wamid.1"))["reaction"]["emoji"] == ""


choices = st.builds(
    Choice, payload=st.text(max_size=4), title=st.text(max_size=26), description=st.text(max_size=3),
    section=st.sampled_from(["", "A", "B"]),
)  # fmt: skip


@given(st.text(max_size=50), st.lists(choices, max_size=12).map(tuple), st.text(max_size=20))
def test_whatever_is_asked_is_either_refused_in_words_or_accepted_by_meta(
    text: str, found: tuple[Choice, ...], footer: str
) -> None:
    """`bodies` judges; only a refusal of ours, with its sentence, may come instead."""
    with contextlib.suppress(SendError):
        bodies(to_rosa(text, choices=found, options={"footer": footer}))
