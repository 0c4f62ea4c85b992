"""The story of calls, from lists and from notices, without a modem."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import Inbound
from drivers.gsm.at.answers import Leg
from drivers.gsm.calls import RINGS, CallBook

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def told(news: list[Inbound]) -> list[tuple[str, str]]:
    return [(i.call.state, i.call.outcome) for i in news if i.call]


def test_it_works() -> None:
    book = CallBook()
    assert told(book.see([Leg(1, True, 4, "8888")], AT)) == [("ringing", "")]
    assert told(book.see([Leg(1, True, 4, "8888")], AT)) == []
    both = [Leg(1, True, 0, "8888"), Leg(2, False, 2, "2222")]
    assert told(book.see(both, AT)) == [("answered", ""), ("ringing", "")]
    assert told(book.see([], AT + timedelta(minutes=1))) == [("ended", "answered"), ("ended", "no_answer")]


def test_a_number_that_comes_after_the_ring_is_told_once() -> None:
    book = CallBook()
    assert book.rang("", AT) == []
    assert told(book.rang("8888", AT)) == [("ringing", "")]
    assert book.rang("8888", AT) == []
    assert told(book.see([Leg(1, True, 4, "")], AT)) == []


def test_without_lists_who_no_longer_rings_has_given_up() -> None:
    book = CallBook()
    book.lists = False
    book.rang("8888", AT)
    assert book.gave_up(AT + RINGS) == []
    book.rang("8888", AT + RINGS)
    assert book.gave_up(AT + RINGS * 2) == []
    assert told(book.gave_up(AT + RINGS * 3)) == [("ended", "no_answer")]


@given(st.lists(st.lists(st.tuples(st.integers(1, 3), st.booleans(), st.integers(0, 5)), max_size=3), max_size=15))
def test_every_story_ends_once_and_never_goes_back(lists: list[list[tuple[int, bool, int]]]) -> None:
    book, news = CallBook(), []
    for n, legs in enumerate([*lists, []]):
        known = {index: Leg(index, way, state, "8") for index, way, state in legs}
        news += book.see(list(known.values()), AT + timedelta(seconds=n))
    order = ("ringing", "answered", "ended")
    for call in {i.conversation for i in news}:
        states = [order.index(i.call.state) for i in news if i.conversation == call and i.call]
        assert states == sorted(set(states))
        assert states[-1] == 2
    assert len({i.external_id for i in news}) == len(news)
