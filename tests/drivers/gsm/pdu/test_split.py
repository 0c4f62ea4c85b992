"""How many messages a text costs, and where it may be cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from drivers.gsm.pdu.split import PARTS, TooLong, choose, split, text_of


def test_it_works() -> None:
    assert [len(split("a" * n)) for n in (0, 160, 161, 306, 307)] == [1, 1, 2, 2, 3]
    assert [len(split("á" * n)) for n in (70, 71, 134, 135)] == [1, 2, 2, 3]


@pytest.mark.parametrize(
    ("text", "accents", "alphabet", "parts"),
    [
        ("¡Mañana, señor! €5", "keep", "gsm7", 1),
        ("Está listo", "keep", "ucs2", 1),
        ("Está listo", "simplify", "gsm7", 1),
        ("Está listo", "spanish", "gsm7", 1),
        ("Está 😀", "spanish", "ucs2", 1),
        ("€" * 80, "keep", "gsm7", 1),
        ("€" * 81, "keep", "gsm7", 2),
        ("á" * 78 + "a" * 80, "spanish", "gsm7", 2),
        ("😀" * 35, "keep", "ucs2", 1),
        ("😀" * 36, "keep", "ucs2", 2),
    ],
)
def test_the_alphabet_is_the_cheapest_that_keeps_the_text(text: str, accents: str, alphabet: str, parts: int) -> None:
    assert choose(text, accents).alphabet == alphabet  # type: ignore[arg-type]
    assert len(split(text, accents=accents)) == parts  # type: ignore[arg-type]


def test_an_escape_is_never_cut_from_its_letter() -> None:
    first, second = split("a" * 152 + "€" + "b" * 20)
    assert (len(first.data), second.data[:2]) == (152, b"\x1be")


def test_an_emoji_is_never_cut() -> None:
    first, second = split("a" * 66 + "😀" + "b" * 20)
    assert (len(first.data), text_of([second])) == (132, "😀" + "b" * 20)


@settings(max_examples=60)
@given(st.text(max_size=700), st.booleans())
def test_each_part_is_readable_alone_and_fits(text: str, wide: bool) -> None:
    parts = split(text, 0x1234, wide=wide)
    for part in parts:
        assert len(part.data) <= (160 if part.alphabet == "gsm7" else 140)
        assert "\ufffd" not in text_of([part]) or "\ufffd" in text
    assert len({(part.header.ref, part.header.total) for part in parts}) == 1
    assert parts[0].header.ref == (0 if len(parts) == 1 else 0x1234 if wide else 0x34)


def test_more_than_255_parts_are_refused() -> None:
    assert len(split("a" * 153 * PARTS)) == PARTS
    with pytest.raises(TooLong):
        split("a" * (153 * PARTS + 1))


def test_pairs_that_a_sender_cut_become_whole_again() -> None:
    emoji, euro = split("😀")[0], split("a€")[0]
    halves = [replace(emoji, data=emoji.data[:2]), replace(emoji, data=emoji.data[2:])]
    assert text_of(halves) == "😀"
    assert text_of([replace(euro, data=euro.data[:2]), replace(euro, data=euro.data[2:])]) == "a€"
    assert text_of([euro, emoji]) == "a€😀"
    assert text_of(halves[:1]).encode()
