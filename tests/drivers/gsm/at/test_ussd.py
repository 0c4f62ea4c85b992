"""USSD in every way of writing it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.gsm.at.ussd import Said, decode, encode


def test_it_works() -> None:
    assert decode('+CUSD: 1,"1. Saldo\n2. Salir",15', "text") == Said(1, "1. Saldo\n2. Salir")
    assert encode("*123#", "text") == "*123#"
    assert encode("*123#", "ucs2") == "002A0031003200330023"
    assert encode("*123#", "packed") == "AA986C3602"


@pytest.mark.parametrize(
    ("line", "way", "said"),
    [
        ("+CUSD: 2", "text", Said(2)),
        ('+CUSD: 0,"Saldo', "text", Said(0, "Saldo")),
        ('+CUSD: 0, "Saldo", 15', "text", Said(0, "Saldo")),
        ('+CUSD: 0,"Su "saldo" es 5",15', "text", Said(0, 'Su "saldo" es 5')),
        ('+CUSD: 0,"00530061006C0064006F",72', "text", Said(0, "Saldo")),
        ('+CUSD: 0,"00530061006C0064006F",15', "ucs2", Said(0, "Saldo")),
        ('+CUSD: 0,"D3309B4D07",15', "packed", Said(0, "Sallt")),
        ('+CUSD: 0,"12345678",15', "text", Said(0, "12345678")),
        ('+CUSD: 0,"a\x01o \x00 \x02",15', "gsm", Said(0, "a£o @ $")),
        ("+CUSD: x", "text", Said(4)),
        ('+CUSD: 4,"",15', "text", Said(4)),
    ],
)
def test_answers_of_modems(line: str, way: str, said: Said) -> None:
    assert decode(line, way) == said  # type: ignore[arg-type]


@given(st.text(st.sampled_from("*#0123456789abcXYZ ñ"), min_size=1, max_size=60), st.sampled_from(["packed", "ucs2"]))
def test_what_is_asked_comes_back(text: str, way: str) -> None:
    line = f'+CUSD: 1,"{encode(text, way)}",{15 if way == "packed" else 72}'  # type: ignore[arg-type]
    assert decode(line, way).text == text.strip("\0\r\n ")  # type: ignore[arg-type]


@given(st.text(max_size=80), st.sampled_from(["text", "gsm", "ucs2", "packed"]))
def test_anything_is_survived(text: str, way: str) -> None:
    decode(text, way)  # type: ignore[arg-type]
    decode(f'+CUSD: 0,"{text}",15', way).text.encode("utf-8", "surrogatepass")  # type: ignore[arg-type]
