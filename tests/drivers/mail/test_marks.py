"""What is remembered between lives."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from drivers.mail.marks import IDS_MAX, Mark, Marks, dump, fingerprint, load
from tests.drivers.mail.letters import calm


def test_it_works() -> None:
    marks = Marks({"INBOX": Mark(7, 42, date(2026, 11, 26))})
    assert marks.name("<a@x>", "p1") == "<a@x>"
    again = load(dump(marks))
    assert again == marks
    assert again.name("<a@x>", "p1") == "<a@x>"
    assert again.name("<a@x>", "p2") == "<a@x>#p2"


def test_the_oldest_ids_are_forgotten() -> None:
    marks = Marks()
    for nth in range(IDS_MAX + 50):
        marks.name(f"<{nth}@x>", "p")
    assert len(marks.ids) == IDS_MAX


@calm
@given(st.binary(max_size=100))
def test_what_cannot_be_read_is_a_beginning(kept: bytes) -> None:
    assert isinstance(load(kept), Marks)


def test_prints_tell_apart() -> None:
    assert len({fingerprint("a", "b"), fingerprint("ab", ""), fingerprint("", "ab")}) == 3
