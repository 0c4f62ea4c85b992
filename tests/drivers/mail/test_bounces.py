"""What others report of our messages, per recipient."""

import pytest

from drivers.mail import codes
from tests.drivers.mail.letters import BOUNCE, EXIM, OUTLOOK, RECEIPT, crlf, read


def test_it_works() -> None:
    failed, delayed, delivered = read(BOUNCE).statuses
    assert {(s.external_id, s.key) for s in (failed, delayed, delivered)} == {("<k1@oficina.example>", "k1")}
    assert (failed.state, failed.code, failed.final) == ("failed", "5.1.1", True)
    assert failed.address == "nadie@cliente.example"
    assert failed.sentence == codes.NO_ADDRESS
    assert (delayed.state, delayed.code, delayed.final) == ("failed", "4.2.2", False)
    assert delayed.sentence == codes.STILL_TRYING
    assert (delivered.state, delivered.code, delivered.sentence) == ("delivered", "", "")


def test_the_bounce_itself_is_an_event_that_no_machine_answers() -> None:
    got = read(BOUNCE).inbound
    assert (got.kind, got.automatic, got.reply_to) == ("event", True, "<k1@oficina.example>")
    assert "could not be delivered" in got.text


def test_a_read_receipt() -> None:
    [read_it] = read(RECEIPT).statuses
    assert (read_it.state, read_it.external_id, read_it.address) == (
        "read", "<k1@oficina.example>", "rosa@cliente.example",
    )  # fmt: skip


def test_a_receipt_that_it_was_deleted_is_no_reading() -> None:
    assert read(RECEIPT.replace(b"displayed", b"deleted")).statuses == ()


def test_prose_with_a_header() -> None:
    statuses = read(EXIM).statuses
    assert [(s.state, s.address, s.code) for s in statuses] == [
        ("failed", "nadie@cliente.example", "5.0.0"), ("failed", "tampoco@cliente.example", "5.0.0"),
    ]  # fmt: skip


def test_an_expired_one_is_final_although_its_code_begins_with_four() -> None:
    [first, *_] = read(BOUNCE.replace(b"Status: 5.1.1", b"Status: 4.4.7")).statuses
    assert (first.state, first.final, first.sentence) == ("failed", True, codes.EXPIRED)


def test_a_whole_returned_message_is_looked_into() -> None:
    raw = BOUNCE.replace(b"text/rfc822-headers", b"message/rfc822")
    assert {s.external_id for s in read(raw).statuses} == {"<k1@oficina.example>"}


def test_without_the_returned_headers_the_references_tell() -> None:
    raw = BOUNCE.replace(b"text/rfc822-headers", b"text/plain").replace(
        b"Auto-Submitted", b"In-Reply-To: <otro@oficina.example>\r\nAuto-Submitted"
    )
    assert {s.external_id for s in read(raw).statuses} == {"<otro@oficina.example>"}


@pytest.mark.parametrize(("without", "code"), [(b"Action: failed\r\n", "5.1.1"), (b"Status: 5.1.1\r\n", "5.1.1")])
def test_a_report_that_lacks_a_field(without: bytes, code: str) -> None:
    first = read(BOUNCE.replace(without, b"", 1)).statuses[0]
    assert (first.state, first.code) == ("failed", code)


def test_an_ordinary_message_reports_nothing() -> None:
    assert read(OUTLOOK).statuses == ()


def test_a_bounce_quoted_in_an_answer_reports_nothing() -> None:
    """Somebody forwards a bounce and asks what it means: that is a message."""
    raw = crlf("From: ana@cliente.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=q\n\n--q\n")
    raw += b"Content-Type: text/plain\r\n\r\n\xc2\xbfQu\xc3\xa9 es esto?\r\n--q\r\nContent-Type: message/rfc822\r\n\r\n"
    letter = read(raw + BOUNCE + b"\r\n--q--\r\n")
    assert (letter.statuses, letter.inbound.kind) == ((), "message")
    assert letter.inbound.text == "¿Qué es esto?"
    assert letter.inbound.attachments[0].name == "Undelivered Mail Returned to Sender.eml"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("5.1.10", codes.NO_ADDRESS), ("5.1.2", codes.NO_DOMAIN), ("5.2.2", codes.FULL), ("5.3.4", codes.TOO_BIG),
        ("5.7.26", codes.DENIED), ("5.4.6", codes.LOOP), ("5.9.9", "otra cosa"), ("", "otra cosa"),
    ],
)  # fmt: skip
def test_codes_as_sentences(code: str, said: str) -> None:
    assert codes.sentence(code, "otra cosa") == said
