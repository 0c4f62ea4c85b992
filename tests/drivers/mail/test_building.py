"""What we write: headers that nothing breaks, threads, marks, files."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import Attachment, Outbound, SendError
from drivers.mail.building import build
from drivers.mail.settings import MailSettings
from drivers.mail.smtp import dotted
from tests.drivers.mail.letters import SETTINGS, calm

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)


def built(**more: Any) -> Message:
    given: dict[str, Any] = {"key": "k1", "channel": "email", "to": "ana@cliente.example", "text": "Hola"}
    return message_from_bytes(build(Outbound(**(given | more)), SETTINGS, AT).raw)


def test_it_works() -> None:
    message = built(subject="Cotización", cc=("luis@cliente.example",), bcc=("jefa@oficina.example",))
    assert message["From"] == "Ventas <ventas@oficina.example>"
    assert (message["To"], message["Cc"], message["Bcc"]) == ("ana@cliente.example", "luis@cliente.example", None)
    assert message["Message-ID"] == "<k1@oficina.example>"
    assert message["Date"] == "Thu, 26 Nov 2026 12:00:00 +0000"
    assert "jefa" not in message.as_string()


def test_the_same_key_is_the_same_message_id() -> None:
    first, again, other = built(key="ñ/1"), built(key="ñ/1", text="otra"), built(key="ñ/2")
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]


def test_a_thread_keeps_long_ids_whole() -> None:
    """The library would write a word longer than a line as an encoded-word, and the thread would be lost."""
    long, first = f"<{'a' * 150}@x.example>", "<primero@x.example>"
    message = built(reply_to=long, references=(first, long))
    assert message["In-Reply-To"] == long
    assert message["References"].split() == [first, long]
    assert built(reply_to="<fijo@x>#a1b2")["In-Reply-To"] == "<fijo@x>"
    assert built()["References"] is None


def test_a_very_long_thread_keeps_its_first_and_its_last() -> None:
    ids = tuple(f"<{nth}@x.example>" for nth in range(90))
    kept = built(references=ids, reply_to="<89@x.example>")["References"].split()
    assert (kept[0], kept[-1], len(kept)) == ("<0@x.example>", "<89@x.example>", 21)


def test_marks_by_option() -> None:
    message = built(options={"automatic": "replied", "unsubscribe": "https://oficina.example/baja/" + "x" * 90})
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["List-Unsubscribe"] == f"<https://oficina.example/baja/{'x' * 90}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert built()["Auto-Submitted"] is None
    assert built(options={"reply_address": "ana@oficina.example"})["Reply-To"] == "ana@oficina.example"


def test_pictures_inside_and_files_beside() -> None:
    picture = Attachment(content=b"x", media_type="image/png", name="l.png", inline_id="logo")
    message = built(html="<img src='cid:logo'>", attachments=(picture, Attachment(content=b"y", name="a.txt")))
    assert [p.get_content_type() for p in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
        "application/octet-stream",
    ]  # fmt: skip


def test_html_alone_gets_a_text() -> None:
    [_mixed, text, _page] = built(text="", html="<p>Hola <b>Ana</b></p>").walk()
    assert "Hola" in text.get_payload()


def test_a_file_by_path(tmp_path: Path) -> None:
    (tmp_path / "Año.pdf").write_bytes(b"%PDF")
    file = Attachment(path=str(tmp_path / "Año.pdf"), media_type="application/pdf")
    assert built(attachments=(file,)).get_payload(1).get_payload(decode=True) == b"%PDF"
    with pytest.raises(SendError, match=r"No se encuentra el archivo Nada\.pdf"):
        built(attachments=(Attachment(path=str(tmp_path / "Nada.pdf")),))


def test_an_empty_message_is_refused() -> None:
    with pytest.raises(SendError, match="vacío"):
        built(text=" ")


def test_domains_in_any_alphabet() -> None:
    assert built(to="ana@señal.example")["To"] == "ana@xn--seal-hqa.example"
    with pytest.raises(SendError, match="no es una dirección"):
        built(to="ñandú@x.example")


INJECTED = "x\r\nBcc: otro@malo.example\r\n\r\n"
LINES = st.text(st.characters(codec="utf-8"), max_size=100).map(lambda text: INJECTED + text)


@calm
@given(LINES, LINES, LINES, LINES)
def test_no_value_injects_a_header(subject: str, name: str, key: str, link: str) -> None:
    settings = MailSettings(address="ventas@oficina.example", name=name)
    file = Attachment(content=b"x", name=name, media_type="text/plain\r\nBcc: otro@malo.example", inline_id=link)
    outbound = Outbound(
        key=key, channel="email", to="ana@cliente.example", subject=subject, text="x", html="<p>x",
        reply_to=link, references=(link,), attachments=(file,), options={"unsubscribe": link, "automatic": link},
    )  # fmt: skip
    made = build(outbound, settings, AT)
    assert made.recipients == ("ana@cliente.example",)
    for part in message_from_bytes(made.raw).walk():
        assert part["Bcc"] is None
    assert max(len(line) for line in made.raw.split(b"\r\n")) <= 998


@calm
@given(st.binary(max_size=300))
def test_nothing_ends_the_message_early(raw: bytes) -> None:
    wire = dotted(raw)
    assert wire.endswith(b"\r\n.\r\n")
    lines = wire.removesuffix(b".\r\n").split(b"\r\n")
    assert b"." not in lines
    undone = b"\r\n".join(line[1:] if line.startswith(b".") else line for line in lines)
    assert undone.replace(b"\r\n", b"\n").strip(b"\n") == raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip(b"\n")
