"""Lines of answers as modems really write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.gsm.at import answers
from drivers.gsm.at.answers import Leg, Stored


def test_it_works() -> None:
    assert answers.signal(("+CSQ: 18,99",)) == -77
    assert answers.parts_of('+CMTI: "SM",3') == ["SM", "3"]
    assert answers.parts_of('+CMGR: 0,"",24') == ["0", "", "24"]
    assert answers.parts_of("+CMT: ,23") == ["", "23"]
    assert answers.parts_of('+CPMS: "SM" , 3 ,20') == ["SM", "3", "20"]
    assert answers.parts_of('+X: "a, b","c') == ["a, b", "c"]


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("+CREG: 0,1", "home"), ("+CREG: 2,5,\"1A2B\",\"3C4D\"", "roaming"), ("+CREG: 0,3", "denied"),
        ("+CREG: 0,2", "searching"), ("+CREG: 0,0", "none"), ('+CREG: 1,"1A2B","0001"', "home"),
        ("+CREG: 5", "roaming"),
        ("+CREG:0,\"1", "home"), ("+CEREG: 0,1", "home"), ("+CREG:", "none"), ('+CREG: 0,1,"",""', "home"),
    ],
)  # fmt: skip
def test_registration(line: str, state: str) -> None:
    assert answers.registration(line) == state


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (("+CCID: 8950601234567890123",), "8950601234567890123"),
        (('+CCID: "8950601234567890123"',), "8950601234567890123"),
        (("+ICCID: 8950601234567890123F",), "8950601234567890123"),
        (("8950601234567890123f",), "8950601234567890123"),
        (('+CRSM: 144,0,"988506214365870921F3"',), "8958601234567890123"),
        (("OK?",), ""), ((), ""),
    ],
)  # fmt: skip
def test_the_sims_number_however_it_is_written(lines: tuple[str, ...], number: str) -> None:
    assert answers.card(lines) == number


def test_stored_messages_with_and_without_what_belongs_to_them() -> None:
    lines = ("+CMGL: 1,1,,24", "0011AA", '+CMGL: 100001,0,"Ana",30', "0022", "+CMGL: 3,2,,10", "00")
    assert answers.stored(lines) == [
        Stored(1, True, ("1", "", "24"), "0011AA"), Stored(100001, True, ("0", "Ana", "30"), "0022"),
        Stored(3, False, ("2", "", "10"), "00"),
    ]  # fmt: skip
    assert answers.stored(("+CMGR: 0,,24", "0011"), 7) == [Stored(7, True, ("0", "", "24"), "0011")]


def test_memories_and_how_full_they_are() -> None:
    assert answers.memories(('+CPMS: ("SM","ME"), ("SM"),("MT", "SR")',)) == [("SM", "ME"), ("SM",), ("MT", "SR")]
    assert answers.filling(("+CPMS: 3,20,3,20,3,20",)) == (3, 20)
    assert answers.filling(('+CPMS: "SM",3,20,"SM",3,20',)) == (3, 20)
    assert answers.filling(("+CPMS: ,",)) is None


def test_calls_and_numbers_in_hexadecimal() -> None:
    lines = ('+CLCC: 1,1,4,0,0,"+50680000001",145', "+CLCC: 2,0,0,1,0", '+CLCC: 3,0,2,0,0,"00380038",129')
    assert answers.legs(lines) == [Leg(1, True, 4, "+50680000001"), Leg(3, False, 2, "88")]
    assert answers.plain("004B00F6006C00620069") == "Kölbi"
    assert answers.plain("00112233") == "00112233"
    assert answers.plain("0050688880000") == "0050688880000"
    assert answers.plain("88880000") == "88880000"


@given(st.lists(st.text(max_size=40), max_size=5).map(tuple))
def test_any_lines_are_survived(lines: tuple[str, ...]) -> None:
    for read in (answers.signal, answers.card, answers.serial_number, answers.stored, answers.memories,
                 answers.filling, answers.legs, answers.reference):  # fmt: skip
        read(lines)  # type: ignore[operator]
    for line in lines:
        for name in ("+CREG:", "+CSQ:", "+CMGL:", "+CPMS:", "+CLCC:", "+CMGS:", "+CRSM:"):
            said = (name + line,)
            answers.registration(said[0])
            answers.signal(said), answers.stored(said), answers.filling(said), answers.legs(said)
            answers.reference(said), answers.card(said), answers.index_of(said[0])
