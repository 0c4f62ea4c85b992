"""What arrives, as the office gets it; and whatever arrives, the line goes on."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json

from drivers.contract import Attachment, Inbound, Outbound, Status
from drivers.mail import reading
from drivers.mail.building import build
from drivers.mail.mailbox import Brought
from drivers.mail.marks import Marks
from tests.drivers.mail.letters import EXIM, MOBILE, OUTLOOK, REAL, SETTINGS, calm, crlf, read

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)


def test_it_works() -> None:
    got = read(OUTLOOK).inbound
    assert got.sender
    assert (got.sender.address, got.sender.name) == ("Rosa@cliente.example", "Rosa Montíel")
    assert [(p.address, p.name) for p in got.to] == [("ventas@oficina.example", "Ventas, Oficina")]
    assert got.copies[0].name == "Jónatan Ñán"
    assert got.subject == "RE: Cotización de los equipos que nos pidieron el miércoles"
    assert got.text == "Buenos días, ¿nos confirman el precio de los 12 equipos que le pedimos a la oficina?"
    assert got.sent_at == datetime(2026, 11, 25, 22, 20, 5, tzinfo=UTC)
    assert (got.conversation, got.reply_to) == ("<primero@oficina.example>", "<segundo@cliente.example>")
    assert got.references == ("<primero@oficina.example>", "<segundo@cliente.example>")
    assert [(a.name, a.inline_id) for a in got.attachments] == [
        ("image001.png", "image001.png@01DC"), ("Requisición nº 5.pdf", ""),
    ]  # fmt: skip
    assert (got.kind, got.automatic, got.note) == ("message", False, "")


def test_html_comes_harmless() -> None:
    page = read(OUTLOOK).inbound.html
    assert 'src="cid:image001.png@01DC"' in page
    for bad in ("onload", "style>", "rastreo", "class="):
        assert bad not in page


def test_pieces_and_files_of_a_telephone() -> None:
    got = read(MOBILE).inbound
    first, second = got.text.split("\n\n")
    assert first.endswith("la que sigue es la de la bodega.")
    assert second == "Enviado desde mi teléfono"
    assert [a.name for a in got.attachments] == ["bodega número 2.jpeg"]


def test_raw_bytes_without_any_charset() -> None:
    raw = crlf("From: José <jose@x.example>\nSubject: Señal débil\n\n¿Cuándo?", "latin-1")
    got = read(raw).inbound
    assert got.sender
    assert (got.sender.name, got.subject, got.text) == ("José", "Señal débil", "¿Cuándo?")
    assert read(crlf("From: José <jose@x.example>\n\n¿Cuándo?")).inbound.text == "¿Cuándo?"


def test_a_message_of_nothing() -> None:
    got = read(b"").inbound
    assert got.sender is None
    assert got.external_id.endswith("@sin-id.invalid>")
    assert got.external_id == read(b"").inbound.external_id
    assert (got.text, got.subject, got.attachments) == ("", "", ())


def test_a_reply_address_of_its_own_is_told() -> None:
    got = read(crlf("From: Web <web@oficina.example>\nReply-To: Ana <ana@cliente.example>\n\nx")).inbound
    assert got.sender
    assert got.sender.also == ("ana@cliente.example",)


def test_what_we_wrote_ourselves_is_an_echo() -> None:
    assert read(crlf("From: Ventas@Oficina.example\n\nx")).inbound.kind == "echo"


def test_whoever_travels_under_our_name_is_not_us_and_gets_no_answer_by_machine() -> None:
    got = read(crlf("Received: from x.example; Thu, 26 Nov 2026 10:00:00 -0600\nFrom: ventas@oficina.example\n\nx"))
    assert (got.inbound.kind, got.inbound.automatic) == ("message", True)


@pytest.mark.parametrize("date", ["", "ayer", "Thu, 32 Foo 2026 99:99", "Mon, 1 Jan 0001 00:00:00 +9999", "1 Jan 1970"])
def test_a_broken_date_gives_the_day_of_arrival(date: str) -> None:
    raw = crlf(f"From: a@x.example\nDate: {date}\n\nx")
    assert reading.parse(Brought(raw, AT, len(raw)), SETTINGS, Marks()).inbound.sent_at == AT


def test_a_date_from_the_future_is_not_believed() -> None:
    raw = crlf("From: a@x.example\nDate: Thu, 26 Nov 2099 10:00:00 +0000\n\nx")
    assert reading.parse(Brought(raw, AT, len(raw)), SETTINGS, Marks()).inbound.sent_at == AT


def test_one_id_on_different_messages_loses_none() -> None:
    """Some machines write the same Message-ID on all their mail."""
    known = Marks()
    ids = set()
    for day in range(1, 29):
        raw = crlf(f"From: a@x.example\nMessage-ID: <fijo@x>\nDate: {day} Nov 2026 10:00:00 +0000\n\nx")
        ids |= {reading.parse(Brought(raw, AT, len(raw)), SETTINGS, known).inbound.external_id for _again in range(2)}
    assert len(ids) == 28
    assert "<fijo@x>" in ids


def test_only_the_beginning_was_brought() -> None:
    got = reading.parse(Brought(MOBILE[:400], AT, 90_000_000, whole=False), SETTINGS, Marks()).inbound
    assert got.attachments == ()
    assert got.note == reading.CUT


def test_deeply_nested_parts_end_somewhere() -> None:
    raw = b"From: a@x.example\r\n"
    for nth in range(400):
        raw += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (nth, nth)
    assert read(raw).inbound.note == reading.BROKEN


def test_what_breaks_the_reader_comes_as_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> None:
        raise KeyError("un contenido secreto")

    monkeypatch.setattr(reading, "parse", broken)
    got = reading.letter(Brought(b"x", AT, 1), SETTINGS, Marks()).inbound
    assert (got.attachments[0].content, got.note) == (b"x", reading.UNREADABLE)


def storable(inbound: Inbound) -> None:
    """What any database and any JSON takes."""
    assert "\\u0000" not in json.encode(inbound).decode()
    assert inbound.external_id
    assert all(a.name and "/" not in a.name and len(a.name) <= 150 for a in inbound.attachments)


@calm
@given(st.binary(max_size=2000))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    storable(read(raw).inbound)


@settings(calm, max_examples=300)
@given(st.sampled_from(REAL), st.integers(0, 2**32))
def test_no_mutation_of_a_real_message_breaks_the_reader(raw: bytes, seed: int) -> None:
    chance, data = random.Random(seed), bytearray(raw)
    for _change in range(chance.randint(1, 12)):
        at = chance.randrange(len(data) or 1)
        piece = data[at : at + chance.randint(1, 60)]
        match chance.randrange(5):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[at : at + len(piece)]
            case 2:
                data[at:at] = piece * chance.randint(1, 5)
            case 3:
                data[at:at] = bytes(chance.choices(b"=?*'\"%;:<>@{}\r\n\t \0\xff", k=chance.randint(1, 8)))
            case _:
                data = data[:at] or data
    letter = read(bytes(data))
    storable(letter.inbound)
    for status in letter.statuses:
        assert json.decode(json.encode(status), type=Status) == status
        assert status.external_id or status.key
        assert status.final or status.state == "failed"
        assert bool(status.sentence) == (status.state == "failed")


HEADER = st.text(st.characters(codec="utf-8"), max_size=120).filter(lambda text: "=?" not in text)


@settings(calm, max_examples=150)
@given(HEADER, st.text(st.characters(codec="utf-8"), max_size=400), HEADER, st.binary(max_size=200))
def test_what_we_write_is_what_one_reads(subject: str, text: str, name: str, content: bytes) -> None:
    outbound = Outbound(
        key="k1", channel="email", to="ana@cliente.example", subject=subject, text=text or "x",
        attachments=(Attachment(content=content, name=name, media_type="application/pdf"),),
    )  # fmt: skip
    got = read(build(outbound, SETTINGS, AT).raw).inbound
    assert got.subject == reading.headers.plain_line(subject)
    assert _kept(got.text) == _kept(text or "x")
    assert got.attachments[0].name == reading.bodies.filenames.safe(name, "application/pdf", 1)
    assert got.attachments[0].content == content


def _kept(text: str) -> list[str]:
    """Without control characters, blank lines and blanks at line ends, which nobody sees."""
    lines = "".join(c for c in text if c in "\n\r\t" or (c >= " " and c != "\x7f")).replace("\r", "\n").split("\n")
    return [line.rstrip() for line in lines if line.strip()]


def test_an_old_style_bounce_names_its_recipients() -> None:
    assert [s.address for s in read(EXIM).statuses] == ["nadie@cliente.example", "tampoco@cliente.example"]
