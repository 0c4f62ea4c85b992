"""IMAP's bytes: replies from any pieces, arguments that nothing can break out of."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imapclient.response_parser import parse_fetch_response

from drivers.mail.wire import LINE_MAX, Assembler, Garbled, Literal, Reply, pieces, string
from tests.drivers.mail.letters import calm

TALK = (
    b"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n* 3 EXISTS\r\n"
    b'* 1 FETCH (UID 7 BODY[] {12}\r\nFrom: a\r\n\r\nx INTERNALDATE "26-Nov-2026 10:00:00 -0600")\r\nc1 OK done\r\n'
)


def test_it_works() -> None:
    greeting, exists, fetch, done = Assembler(1000).feed(TALK)
    assert (greeting.tag, greeting.word, greeting.code) == (b"*", b"OK", (b"CAPABILITY", b"IMAP4rev1 IDLE"))
    assert (exists.number, exists.word) == (3, b"EXISTS")
    assert (done.tag, done.word, done.text) == (b"c1", b"OK", "done")
    [facts] = parse_fetch_response(fetch.data, normalise_times=False).values()
    assert facts[b"BODY[]"] == b"From: a\r\n\r\nx"


@calm
@given(st.lists(st.integers(1, len(TALK) - 1)))
def test_any_cutting_gives_the_same_replies(cuts: list[int]) -> None:
    assembler, replies = Assembler(1000), []
    edges = sorted({0, len(TALK), *cuts})
    for start, end in itertools.pairwise(edges):
        replies += assembler.feed(TALK[start:end])
    assert replies == Assembler(1000).feed(TALK)
    assert assembler.idle


@calm
@given(st.binary(max_size=300))
def test_any_bytes_are_replies_or_garbled(data: bytes) -> None:
    try:
        replies = Assembler(100).feed(data)
    except Garbled:
        return
    for reply in replies:
        assert isinstance(reply.text, str)
        assert isinstance(reply.code, tuple)
        assert reply.number is None or reply.number >= 0
        assert reply.word == reply.word.upper()
        assert reply.data


def test_what_is_too_long_is_not_let_in() -> None:
    with pytest.raises(Garbled):
        Assembler(100).feed(b"* 1 FETCH (BODY[] {101}\r\n")
    with pytest.raises(Garbled):
        Assembler(100).feed(b"x" * (LINE_MAX + 1))


@calm
@given(st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"])))
def test_no_argument_breaks_out(value: str) -> None:
    made = string(value)
    if isinstance(made, Literal):
        assert made.content.decode() == value
    else:
        [reply] = Assembler(0).feed(b"* LIST () " + made + b"\r\n")
        assert isinstance(reply, Reply)
        assert made[1:-1].replace(b'\\"', b'"').replace(b"\\\\", b"\\") == value.encode() or b"\\" in value.encode()


def test_a_literal_is_sent_only_when_the_server_says_so() -> None:
    assert pieces(b"c1", (b"LOGIN", string("ana"), string("contraseña"))) == [
        b'c1 LOGIN "ana" {11}\r\n',
        "contraseña\r\n".encode(),
    ]
    with pytest.raises(ValueError, match="NUL"):
        string("a\0b")
