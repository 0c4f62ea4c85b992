"""Data by any regular interval, through the days on which the clock changes; stamps and counts of any type."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from app.workforce.calendar import Setting, Special
from app.workforce.demand import forecast
from app.workforce.errors import BadInput
from app.workforce.history import History, read
from app.workforce.integrate import predict
from tests.workforce.offices import Office

TIJUANA = "America/Tijuana"
TWO = ["2026-01-01", "2026-01-02"]
SPRING, AUTUMN = datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC)
ODD = [16, 18, 24, 32, 36, 40, 45, 48, 90, 120, 180, 240, 360, 480, 720]


@pytest.mark.parametrize("minutes", [5, 10, 15, 20, 30, 60, *ODD])
def test_it_works(minutes: int) -> None:
    """What is forecast beyond a change of the clock lies on the grid of the day and can be read again."""
    rows = [
        {"ds": datetime(2026, 9, 20) + timedelta(minutes=minutes * i), "y": 20}  # noqa: DTZ001
        for i in range(40 * 1440 // minutes)
    ]
    made = predict(rows, 8 * 1440 // minutes, Setting(TIJUANA, ""))
    moments = [datetime.fromisoformat(row["ds"]) for row in made]
    assert all((moment.hour * 60 + moment.minute) % minutes == 0 for moment in moments)
    both = read([*(row["ds"] for row in rows), *moments], [20.0] * (len(rows) + len(made)), TIJUANA)
    assert set(both.notes) <= {"Los datos no estaban en orden: se ordenaron."}  # an hour that the clock repeats
    assert len(both.days) >= 47


@pytest.mark.parametrize("minutes", [15, 30, 60, *ODD])
@pytest.mark.parametrize("begin", [SPRING, AUTUMN])
def test_rows_of_true_time_are_taken_through_a_change_of_the_clock(begin: datetime, minutes: int) -> None:
    stamps = [begin + timedelta(minutes=minutes * i) for i in range(4 * 1440 // minutes)]
    history = read(stamps, [20.0] * len(stamps), TIJUANA)
    known = history.counts[~np.isnan(history.counts)]
    assert set(known) == {20.0}
    assert len(known) >= 4 * 1440 // minutes - 60 // minutes - 1
    assert read(stamps[::-1], [20.0] * len(stamps), TIJUANA).notes[:1] != ()


@pytest.mark.parametrize("minutes", [30, 45, 120])
def test_the_same_true_time_twice_is_refused(minutes: int) -> None:
    stamps = [AUTUMN + timedelta(minutes=minutes * i) for i in range(4 * 1440 // minutes)]
    with pytest.raises(BadInput) as refused:
        read([*stamps, stamps[len(stamps) // 2]], [20.0] * (len(stamps) + 1), TIJUANA)
    assert refused.value.field == "ds"


def test_irregular_rows_of_true_time_are_still_refused() -> None:
    stamps = [AUTUMN + timedelta(hours=2 * i, minutes=7 * (i % 3)) for i in range(40)]
    with pytest.raises(BadInput):
        read(stamps, [20.0] * 40, TIJUANA, 7200)


def test_an_hour_that_never_was_is_said() -> None:
    stamps = [datetime(2026, 3, 8, 1) + timedelta(minutes=30 * i) for i in range(8)]  # noqa: DTZ001
    assert "2026-03-08" in read(stamps, [5.0] * 8, TIJUANA).notes[0]


def test_stamps_of_any_type_mean_the_same() -> None:
    moments = [datetime(2026, 1, 1 + i, tzinfo=UTC) for i in range(10)]
    texts = [moment.isoformat() for moment in moments]
    kinds: list[Any] = [moments, np.array(moments, dtype=object), texts, np.array(texts)]
    found = [read(kind, [1.0] * 10, "America/Costa_Rica") for kind in kinds]
    assert {str(history.days[0]) for history in found} == {"2026-01-01"}


@pytest.mark.parametrize(
    "counts",
    [
        ["5", "1_000"],
        [True, False],
        [1, 10**400],
        np.ma.array([1, 2], mask=[0, 1]),
        np.array(TWO, "datetime64[D]"),
        np.array([1, 2j]),
        [b"1", b"2"],
        [timedelta(1), timedelta(2)],
    ],
)
def test_counts_that_are_no_numbers_are_refused(counts: Any) -> None:
    with pytest.raises(BadInput) as refused:
        read(TWO, counts)
    assert refused.value.field == "y"
    assert read(TWO, ["5", "6.5"]).counts.tolist() == [[5], [6.5]]


@pytest.mark.parametrize("step", ["1800", 1800.5, True, None.__class__, 7])
def test_a_senseless_interval_is_refused(step: Any) -> None:
    with pytest.raises(BadInput) as refused:
        read(TWO, [1, 2], interval_s=step)
    assert refused.value.field == "interval_s"


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("days", {"days": "7"}),
        ("days", {"days": None}),
        ("days", {"days": 7.0}),
        ("days", {"days": True}),
        ("guess", {"guess": "x"}),
        ("guess", {"guess": None}),
        ("guess", {"guess": -1}),
        ("country", {"setting": Setting(country=5)}),  # type: ignore[arg-type]
        ("opening", {"setting": Setting(opening=((("a", "b"),),) * 7)}),  # type: ignore[arg-type]
        ("opening", {"setting": Setting(opening=(((480, 1020),),) * 6)}),
        ("specials", {"setting": Setting(specials=(Special("ayer", "x"),))}),  # type: ignore[arg-type]
    ],
)
def test_senseless_questions_are_refused_with_their_field(field: str, asked: dict[str, Any]) -> None:
    plain: dict[str, Any] = {"setting": Setting(), "days": 7}
    with pytest.raises(BadInput) as refused:
        forecast(Office(1, days=60).history(60), **(plain | asked))
    assert refused.value.field == field


def test_a_history_made_by_hand_holds_no_negative_counts() -> None:
    history = Office(1, days=60).history(60)
    with pytest.raises(BadInput) as refused:
        forecast(History(history.days, history.counts - 5, 1800, history.timezone), Setting(), 7)
    assert refused.value.field == "y"


def test_the_zone_of_the_data_and_that_of_the_office_do_not_contradict_in_silence() -> None:
    stamps = [datetime(2026, 6, 1) + timedelta(minutes=30 * i) for i in range(40 * 48)]  # noqa: DTZ001
    elsewhere = forecast(read(stamps, [20.0] * len(stamps)), Setting(TIJUANA, "MX"), 7)
    assert any("UTC" in note and TIJUANA in note for note in elsewhere.notes)
    at_home = forecast(read(stamps, [20.0] * len(stamps), TIJUANA), Setting(TIJUANA, "MX"), 7)
    assert not any(TIJUANA in note for note in at_home.notes)


def test_an_integrator_is_told_what_was_mended() -> None:
    rows = [{"ds": f"2026-01-{day:02d}", "y": 100 + day} for day in range(1, 29)]
    assert not any("orden" in note for note in predict(rows, 3).notes)
    assert any("orden" in note for note in predict(rows[::-1], 3).notes)
    assert len(predict(rows, np.int64(3))) == 3  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        predict(rows, True)
