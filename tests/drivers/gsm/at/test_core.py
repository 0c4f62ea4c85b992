"""Transcripts of modems, good and bad; and any bytes at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.gsm.at.core import LINE_MAX, Answer, Command, Core, Event, Notice, Prompt

PDU = "07910586000090F9040B910586000000F100006211211234054204C8373B0C"


def hear(command: str, said: str | bytes, **more: bool) -> list[Event]:
    core = Core()
    core.start(Command(text=command, **more))
    return core.feed(said.encode() if isinstance(said, str) else said)


def test_it_works() -> None:
    (answer,) = hear("AT+CSQ", "AT+CSQ\r\r\n+CSQ: 18,99\r\n\r\nOK\r\n")
    assert answer == Answer(("+CSQ: 18,99",))


@pytest.mark.parametrize(
    "said",
    [
        "\r\n+CSQ: 18,99\r\n\r\nOK\r\n",
        "AT+CSQ\r\n+CSQ: 18,99\r\nOK\r\n",
        "\0\xff~AT+CSQ\r\r\n+CSQ: 18,99\r\n\r\nOK\r\n",
        '+CMTI: "SM",3\r\n+CSQ: 18,99\r\nOK\r\n',
        'AT+CSQ\r\r\n\r\n+CMTI: "SM",3\r\n\r\n+CSQ: 18,99\r\n\r\n^RSSI:18\r\n\r\nOK\r\nRING\r\n',
    ],
)
def test_echo_noise_and_notices_do_not_touch_the_answer(said: str) -> None:
    answers = [event for event in hear("AT+CSQ", said.encode("latin-1")) if isinstance(event, Answer)]
    assert answers == [Answer(("+CSQ: 18,99",))]


def test_notices_are_told_in_their_order_wherever_they_come() -> None:
    said = f'RING\r\n+CMGS: 17\r\n+CMTI: "SM",3\r\n+CDS: 25\r\n{PDU}\r\nOK\r\n+CLIP: "8888",129\r\n'
    events = hear("AT+CMGS=20", said)
    assert [e.name for e in events if isinstance(e, Notice)] == ["RING", "+CMTI", "+CDS", "+CLIP"]
    assert [e for e in events if isinstance(e, Answer)] == [Answer(("+CMGS: 17",))]
    assert events[2] == Notice("+CDS", "+CDS: 25", PDU)


def test_a_notice_between_a_notice_and_its_message() -> None:
    core = Core()
    events = core.feed(f"+CMT: ,23\r\nRING\r\n{PDU}\r\n".encode())
    assert events == [Notice("RING", "RING"), Notice("+CMT", "+CMT: ,23", PDU)]


def test_an_answer_between_a_notice_and_its_message() -> None:
    events = hear("AT", f"+CMT: ,23\r\nOK\r\n{PDU}\r\n")
    assert events == [Answer(()), Notice("+CMT", "+CMT: ,23", PDU)]


@pytest.mark.parametrize("said", ["\r\n> ", ">", "AT+CMGS=20\r\r\n>", '\r\n+CMTI: "SM",1\r\n\r\n> ', "> \r\n"])
def test_the_prompt_in_all_its_shapes(said: str) -> None:
    assert Prompt() in hear("AT+CMGS=20", said, prompts=True)


def test_the_prompt_is_told_once_and_only_to_who_waits_for_it() -> None:
    assert hear("AT+CSQ", "> ") == []
    core = Core()
    core.start(Command(text="AT+CMGS=20", prompts=True))
    assert core.feed(b"> ") == [Prompt()]
    assert core.feed(b"> 0011\x1a\r\n+CMGS: 4\r\n\r\nOK\r\n") == [Answer(("> 0011", "+CMGS: 4"))]


def test_a_prompt_that_comes_after_all_is_told_so_that_it_can_be_cancelled() -> None:
    core = Core()
    core.start(Command(text="AT+CMGS=20", prompts=True))
    core.abandon()
    assert core.feed(b"\r\n> ") == [Prompt()]


@pytest.mark.parametrize(
    ("said", "kind", "code", "meaning"),
    [
        ("ERROR", "", None, "again"),
        ("+CMS ERROR: 38", "CMS", 38, "again"),
        ("+CMS ERROR: 1", "CMS", 1, "never"),
        ("+CMS ERROR: 310", "CMS", 310, "human"),
        ("+CMS ERROR: 331", "CMS", 331, "wait"),
        ("+CMS ERROR: 322", "CMS", 322, "full"),
        ("+CMS ERROR: 332", "CMS", 332, "doubt"),
        ("+CMS ERROR: 513", "CMS", 513, "again"),
        ("+CMS ERROR: 145", "CMS", 145, "never"),
        ("+CME ERROR: 14", "CME", 14, "wait"),
        ("+CME ERROR: SIM not inserted", "CME", 10, "human"),
        ("+CME ERROR: something new", "CME", None, "again"),
        ("+CME ERROR:", "CME", None, "again"),
        ("MODEM ERROR: 4", "", 4, "again"),
        ("COMMAND NOT SUPPORT", "", None, "again"),
    ],
)
def test_errors_end_the_command_and_mean_something(said: str, kind: str, code: int | None, meaning: str) -> None:
    (answer,) = hear("AT+CMGS=20", f"\r\n{said}\r\n", prompts=True)
    assert isinstance(answer, Answer)
    assert answer.failure
    assert (answer.failure.kind, answer.failure.code, answer.failure.meaning) == (kind, code, meaning)


def test_registration_asked_and_unasked_are_told_apart() -> None:
    said = '+CREG: 2\r\n+CREG: 1,"1A2B","0001"\r\n+CREG: 0,1\r\nOK\r\n'
    *notices, answer = hear("AT+CREG?", said)
    assert [n.line for n in notices if isinstance(n, Notice)] == ["+CREG: 2", '+CREG: 1,"1A2B","0001"']
    assert answer == Answer(("+CREG: 0,1",))
    assert hear("AT+CREG?", '+CREG: 2,5,"1A2B",0001\r\nOK\r\n') == [Answer(('+CREG: 2,5,"1A2B",0001',))]


def test_ussd_over_several_lines_even_with_ok_in_it() -> None:
    (notice,) = hear("AT+CUSD=1", '+CUSD: 1,"1. Saldo\r\nOK\r\n2. Salir",15\r\n')
    assert notice == Notice("+CUSD", '+CUSD: 1,"1. Saldo\nOK\n2. Salir",15')


def test_ussd_without_its_last_quote_ends_when_nothing_more_comes() -> None:
    core = Core()
    core.start(Command(text="AT+CUSD=1"))
    assert core.feed(b'+CUSD: 0,"Saldo: 5\r\ncolones\r\nOK\r\n') == []
    assert core.holding
    assert core.idle() == [Notice("+CUSD", '+CUSD: 0,"Saldo: 5\ncolones'), Answer(())]
    assert not core.holding


def test_a_pin_answer_that_never_ends_with_ok() -> None:
    core = Core()
    core.start(Command(text="AT+CPIN?", endless=True))
    assert core.feed(b"\r\n+CPIN: READY\r\n") == []
    assert core.idle() == [Answer(("+CPIN: READY",))]


def test_no_carrier_ends_a_dial_and_is_a_notice_elsewhere() -> None:
    assert hear("ATD2222;", "\r\nNO CARRIER\r\n") == [Answer((), None, "NO CARRIER")]
    assert hear("AT+CSQ", "\r\nNO CARRIER\r\n") == [Notice("NO CARRIER", "NO CARRIER")]


def test_a_readable_text_with_ok_and_a_notice_in_it_is_a_text() -> None:
    core = Core()
    core.texts = True
    core.start(Command(text="AT+CMGR=1"))
    body = 'Hola\nOK\n+CMTI: "SM",9'
    head = f'+CMGR: "REC UNREAD","+50680000001",,"26/11/21,10:00:00-24",145,4,0,0,"+506",145,{len(body)}'
    assert core.feed(f"\r\n{head}\r\n{body}\r\n\r\nOK\r\n".encode()) == [Answer((head, body))]


PIECES = st.sampled_from(
    ["OK", "ERROR", "+CMS ERROR: 38", "+CMTI: \"SM\",1", "+CMT: ,23", "+CDS: 9", PDU, "RING", "\r\n", "\r", "> ", ">",
     '+CUSD: 0,"a', '"', "+CMGS: 7", "+CREG: 1", "AT+CMGS=20", "\x1a", "\0", "+CPIN: READY", "NO CARRIER", "^RSSI:3"]
)  # fmt: skip
NOISE = st.lists(PIECES.map(str.encode) | st.binary(max_size=6), max_size=30).map(b"".join)
COMMANDS = st.sampled_from(["AT+CMGS=20", "AT+CREG?", "AT+CPIN?", "ATD22;", "AT"])


def heard(command: str, texts: bool, chunks: list[bytes]) -> list[Event]:
    core = Core()
    core.texts = texts
    core.start(Command(text=command, prompts=command.startswith("AT+CMGS")))
    return [event for chunk in chunks for event in core.feed(chunk)]


@settings(max_examples=300)
@given(NOISE, COMMANDS, st.booleans(), st.integers(1, 7))
def test_any_bytes_in_any_pieces_say_the_same_and_break_nothing(
    said: bytes, command: str, texts: bool, size: int
) -> None:
    pieces = [said[at : at + size] for at in range(0, len(said), size)]
    whole, cut = heard(command, texts, [said]), heard(command, texts, pieces)
    assert [(type(e), getattr(e, "line", "")) for e in whole] == [(type(e), getattr(e, "line", "")) for e in cut]
    assert sum(isinstance(event, Answer) for event in whole) <= 1


@settings(max_examples=100)
@given(NOISE)
def test_after_any_noise_and_a_quiet_moment_an_answer_is_heard(said: bytes) -> None:
    core = Core()
    core.feed(said + b"\r\n")
    while core.holding:
        core.idle()
    core.start(Command(text="AT+CSQ"))
    answers = [e for e in core.feed(b"\r\n+CSQ: 9,99\r\n\r\nOK\r\n") if isinstance(e, Answer)]
    assert answers == [Answer(("+CSQ: 9,99",))]


def test_endless_noise_is_not_kept() -> None:
    core = Core()
    for _ in range(100):
        core.feed(b"x" * 1000)
    assert len(core._buffer) <= LINE_MAX
