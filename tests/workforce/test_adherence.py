"""Plan against reality, checked minute by minute."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.workforce.adherence import CALLS, REASONS, Record, Tally, compare, lapsed, reasons, together
from app.workforce.errors import BadInput
from app.workforce.spans import Span

EIGHT = datetime(2026, 3, 2, 8, tzinfo=UTC)
END = EIGHT + timedelta(hours=24)


def at(minute: float) -> datetime:
    return EIGHT + timedelta(minutes=minute)


def span(start: float, end: float, what: str) -> Span:
    return Span(at(start), at(end), what)


SHIFT = [span(0, 120, "work"), span(120, 135, "break"), span(135, 240, "work")]


def said_of(record: Record) -> list[tuple[str, int]]:
    return [(lapse.reason, round((lapse.end - lapse.start).total_seconds() / 60)) for lapse in record.lapses]


def test_it_works() -> None:
    done = [span(5, 120, "ready"), span(120, 145, "break"), span(145, 230, "talking")]
    record = compare(SHIFT, done, END)
    assert said_of(record) == [("late", 5), ("long_break", 10), ("left_early", 10)]
    assert record.total.adherence == pytest.approx(215 / 240)
    assert record.total.conformance == pytest.approx(200 / 225)


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ([], [("absent", 120), ("away", 15), ("absent", 105)]),
        ([span(0, 110, "ready"), span(110, 135, "break"), span(135, 240, "mail")], [("early_break", 10)]),
        ([span(0, 240, "ready")], [("worked_break", 15)]),
        (
            [span(0, 60, "ready"), span(90, 120, "ready"), span(120, 135, "break"), span(135, 240, "chat")],
            [("away", 30)],
        ),
        ([span(-30, 120, "ready"), span(120, 135, "break"), span(135, 240, "chat")], [("unplanned", 30)]),
    ],
)
def test_each_lapse_has_its_reason(done: list[Span], expected: list[tuple[str, int]]) -> None:
    assert said_of(compare(SHIFT, done, END)) == expected


def test_nobody_left_early_while_the_shift_goes_on() -> None:
    record = compare(SHIFT, [span(0, 60, "ready")], at(70))
    assert said_of(record) == [("away", 10)]
    assert record.total.planned_s == 70 * 60


def test_an_excuse_takes_the_time_out() -> None:
    record = compare(SHIFT, [span(60, 120, "ready"), span(120, 135, "break"), span(135, 240, "ready")], END,
                     excused=[span(0, 60, "doctor")])  # fmt: skip
    assert record.total.adherence == 1
    assert record.total.excused_s == 3600
    assert record.lapses[0].excuse == "doctor"


@pytest.mark.parametrize(("start", "end"), [(0, 10), (60, 70), (230, 240), (0, 240), (-30, 300)])
def test_an_excuse_within_another_takes_nothing_of_it(start: int, end: int) -> None:
    """A fault of ten minutes during a day's leave: the day is excused, whichever is told first."""
    both = [span(0, 240, "leave"), span(start, end, "fault")]
    for excuses in (both, both[::-1]):
        record = compare(SHIFT, [], END, excused=excuses)
        assert record.total == Tally(excused_s=240 * 60)
        assert all(lapse.excuse for lapse in record.lapses)


def test_an_excuse_without_a_reason_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        compare(SHIFT, [], END, excused=[span(0, 60, "")])
    assert refused.value.field == "excused"


def test_of_states_that_begin_together_the_longest_counts_whichever_is_told_first() -> None:
    both = [span(0, 240, "ready"), span(0, 10, "talking")]
    for done in (both, both[::-1]):
        record = compare(SHIFT, done, END)
        assert (record.total.adherent_s, record.mended) == (225 * 60, 1)


def test_exceptions_of_a_person_an_interval_and_a_team() -> None:
    late = compare(SHIFT, [span(25, 120, "ready"), span(120, 135, "break"), span(135, 240, "ready")], END)
    ill = compare(SHIFT, [], END, excused=[span(0, 60, "doctor")])
    assert reasons(late.lapses) == {"late": 25 * 60}
    assert {at: reasons(part) for at, part in lapsed(late.lapses, 15).items()} == {
        at(0): {"late": 15 * 60},
        at(15): {"late": 10 * 60},
    }
    assert reasons([*late.lapses, *ill.lapses]) == {"late": 25 * 60, "absent": (60 + 105) * 60, "away": 15 * 60}


def test_a_state_that_never_ended_is_cut_by_the_next_and_said() -> None:
    record = compare(SHIFT, [span(0, 500, "ready"), span(120, 135, "break"), span(135, 240, "ready")], END)
    assert record.mended == 1
    assert record.total.adherence == 1


def test_a_state_still_going_on_counts_until_now() -> None:
    record = compare(SHIFT, [Span(at(0), None, "ready")], at(30))
    assert record.total.adherence == 1
    assert record.total.worked_s == 1800


def test_the_hour_that_the_clock_repeats_is_an_hour() -> None:
    """Tijuana, 1 November 2026: from 00:00 to 03:00 by the wall clock are four hours."""
    tijuana = ZoneInfo("America/Tijuana")
    night = Span(datetime(2026, 11, 1, 0, tzinfo=tijuana), datetime(2026, 11, 1, 3, tzinfo=tijuana), "work")
    record = compare([night], [Span(night.start, night.end, "ready")], datetime(2026, 11, 2, tzinfo=UTC))
    assert record.total.planned_s == 4 * 3600
    assert record.total.adherence == 1
    twice = Span(
        datetime(2026, 11, 1, 1, 30, tzinfo=tijuana), datetime(2026, 11, 1, 1, 15, fold=1, tzinfo=tijuana), "work"
    )
    assert compare([twice], [], datetime(2026, 11, 2, tzinfo=UTC)).total.planned_s == 45 * 60


def test_a_team_is_the_sum_of_its_people() -> None:
    good = compare(SHIFT, [span(0, 120, "ready"), span(120, 135, "break"), span(135, 240, "ready")], END)
    team, intervals = together([good, compare(SHIFT, [], END)])
    assert team.adherence == pytest.approx(0.5)
    assert sum(intervals.values(), Tally()) == team


def test_nothing_planned_has_no_percentage() -> None:
    assert compare([], [], END).total.adherence is None
    assert compare([], [], END).total.conformance is None


@pytest.mark.parametrize(
    ("plan", "done"),
    [
        ([span(0, 60, "work"), span(30, 90, "work")], []),
        ([span(60, 0, "work")], []),
        ([span(0, 60, "yoga")], []),
        ([], [Span(datetime(2026, 3, 2, 8), None, "ready")]),  # noqa: DTZ001
    ],
)
def test_senseless_tracks_are_refused(plan: list[Span], done: list[Span]) -> None:
    with pytest.raises(BadInput):
        compare(plan, done, END)


def test_an_interval_that_does_not_divide_the_day_is_refused() -> None:
    with pytest.raises(BadInput):
        compare(SHIFT, [], END, minutes=7)


LENGTHS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 60), st.sampled_from(["work", "break", "lunch", "training"])),
    max_size=6,
)
STATES = st.lists(
    st.tuples(
        st.integers(0, 30), st.integers(1, 60), st.sampled_from(["ready", "talking", "break", "lunch", "offline"])
    ),
    max_size=8,
)


def track(parts: Sequence[tuple[int, int, str]]) -> list[Span]:
    found, clock = [], 0
    for gap, length, what in parts:
        found.append(span(clock + gap, clock + gap + length, what))
        clock += gap + length
    return found


def said(track: Sequence[Span], minute: int) -> str | None:
    return next((s.what for s in track if s.end and s.start <= at(minute) < s.end), None)


ANY = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 200), st.sampled_from(["leave", "fault"])), max_size=5)
FIELDS = ("planned", "adherent", "planned_work", "worked", "excused")


def counted(
    plan: Sequence[Span], done: Sequence[Span], excuses: Sequence[Span], minutes: range
) -> tuple[dict[str, int], int]:
    """Minutes of each figure, and those out of adherence without an excuse."""
    sums, lapses = dict.fromkeys(FIELDS, 0), 0
    for minute in minutes:
        want, state, excuse = said(plan, minute), said(done, minute), said(excuses, minute)
        fits, works = state in CALLS.states.get(want or "", ()), CALLS.working(state)
        if excuse:
            sums["excused"] += want is not None
            continue
        lapses += (not fits) if want else works
        sums["planned"] += want is not None
        sums["adherent"] += want is not None and fits
        sums["planned_work"] += want in CALLS.work
        sums["worked"] += works
    return sums, lapses


def in_minutes(tally: Tally) -> dict[str, float]:
    return {name: getattr(tally, name + "_s") / 60 for name in FIELDS}


@settings(max_examples=150, deadline=None)
@given(LENGTHS, STATES, ANY, LENGTHS, STATES, st.integers(0, 700), st.sampled_from([5, 15, 30, 60, 240]))
def test_every_minute_counted_by_hand_gives_the_same(
    planned: list[tuple[int, int, str]],
    actual: list[tuple[int, int, str]],
    excused: list[tuple[int, int, str]],
    other_plan: list[tuple[int, int, str]],
    other_actual: list[tuple[int, int, str]],
    until: int,
    minutes: int,
) -> None:
    """Of two people, each interval and both together; excuses lie over each other as they like."""
    excuses = [span(start, start + length, what) for start, length, what in excused]
    people = [(track(planned), track(actual), excuses), (track(other_plan), track(other_actual), [])]
    records = [compare(plan, done, at(until), excused=away, minutes=minutes) for plan, done, away in people]
    total, intervals = together(records)
    expected = dict.fromkeys(FIELDS, 0)
    for begin in range(0, 720, minutes):
        both = dict.fromkeys(FIELDS, 0)
        for (plan, done, away), record in zip(people, records, strict=True):
            sums, lapses = counted(plan, done, away, range(begin, min(begin + minutes, until)))
            assert in_minutes(record.intervals.get(at(begin), Tally())) == sums
            assert sum(reasons(lapsed(record.lapses, minutes).get(at(begin), [])).values()) == lapses * 60
            both = {name: both[name] + sums[name] for name in FIELDS}
        assert in_minutes(intervals.get(at(begin), Tally())) == both
        expected = {name: expected[name] + both[name] for name in FIELDS}
    assert in_minutes(total) == expected
    assert set(intervals) <= {at(begin) for begin in range(0, 720, minutes)}
    assert {lapse.reason for record in records for lapse in record.lapses} <= set(REASONS)
