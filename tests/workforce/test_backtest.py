"""The table beside a forecast: every figure as one would work it out by hand, and like measured against like."""

import msgspec
import numpy as np
import pytest

from app.workforce.backtest import Measure, backtest
from app.workforce.calendar import Setting
from app.workforce.demand import forecast
from app.workforce.errors import BadInput
from app.workforce.history import History, exposure
from app.workforce.record import Stored, of_stored
from tests.workforce.offices import Office

CR = Setting()
TIJUANA = "America/Tijuana"
AUTUMN, SPRING = np.datetime64("2026-11-01"), np.datetime64("2026-03-08")


def steady(change: np.datetime64, slots: int, zero_filled: bool = False) -> History:
    """Forty an hour, whatever the clock shows, over 160 days that end a few days after it changes."""
    days, step = change - 153 + np.arange(160), 86_400 // slots
    shown = exposure(days, step, TIJUANA)
    size = 40 * step / 3600
    # what a history holds: the mean of an interval that comes twice, of one that lasts longer as many as usual
    counts = np.where(shown > 0, size * np.minimum(shown, 1), np.nan)
    return History(days, np.nan_to_num(counts) if zero_filled else counts, step, TIJUANA)


def by_hand(
    truth: list[float], mean: list[float], naive: list[float], inside: list[list[bool]], weekly: float
) -> Measure:
    """Loops, no arrays: nothing of the code under test."""
    wrong = [m - t for t, m in zip(truth, mean, strict=True)]
    return Measure(
        wape=sum(abs(w) for w in wrong) / sum(truth),
        mase=sum(abs(w) for w in wrong) / len(wrong) / weekly,
        bias=sum(wrong) / sum(truth),
        naive_wape=sum(abs(n - t) for t, n in zip(truth, naive, strict=True)) / sum(truth),
        inside_80=sum(inside[0]) / len(inside[0]),
        inside_95=sum(inside[1]) / len(inside[1]),
    )


def alike(measure: Measure, other: Measure) -> None:
    assert msgspec.structs.asdict(measure) == pytest.approx(msgspec.structs.asdict(other))


def test_every_column_is_what_the_forecasts_remade_give_by_hand() -> None:
    office, known, origins = Office(11, days=200, closed=(6,)), 189, 10
    counts = office.counts[:known]
    table = backtest(office.history(known), CR, 7, origins)
    slot: tuple[list[float], list[float], list[float], list[list[bool]]] = ([], [], [], [[], []])
    day: tuple[list[float], list[float], list[float], list[list[bool]]] = ([], [], [], [[], []])
    for origin in range(origins):
        cut = known - 7 * (origins - origin)
        made = forecast(office.history(cut), CR, 7, table.stored[:origin])
        assert np.array_equal(made.mean, table.stored[origin].mean)
        assert table.rows[origin].first == office.dates[cut]
        for d in range(7):
            _note(day, counts[cut + d].sum(), made.totals[d], counts[cut + d - 7].sum(), made.total_bands, (d,))
            for s in range(48):
                _note(slot, counts[cut + d, s], made.mean[d, s], counts[cut + d - 7, s], made.bands, (d, s))
    weekly = [abs(counts[d, s] - counts[d - 7, s]) for d in range(7, known) for s in range(48)]
    weekly_of_days = [abs(counts[d].sum() - counts[d - 7].sum()) for d in range(7, known)]
    alike(table.interval, by_hand(*slot, sum(weekly) / len(weekly)))
    alike(table.day, by_hand(*day, sum(weekly_of_days) / len(weekly_of_days)))
    assert 0.5 < table.interval.inside_80 < table.interval.inside_95 < 1


def _note(into: tuple, truth: float, mean: float, naive: float, bands: dict, place: tuple) -> None:
    for column, value in zip(into[:3], (truth, mean, naive), strict=True):
        column.append(float(value))
    for column, level in zip(into[3], (0.8, 0.95), strict=True):
        low, high = bands[level]
        if mean > 0:
            column.append(bool(low[place] <= truth <= high[place]))


@pytest.mark.parametrize("change", [AUTUMN, SPRING])
@pytest.mark.parametrize("slots", [96, 48, 24, 12, 2, 1])
@pytest.mark.parametrize("zero_filled", [False, True])
def test_days_of_23_and_25_hours_are_measured_by_their_own_hours(
    change: np.datetime64, slots: int, zero_filled: bool
) -> None:
    table = backtest(steady(change, slots, zero_filled), Setting(TIJUANA, ""), 7, 3)
    row = table.rows[-1]
    assert row.first <= change < row.first + 7
    for measure in (row.day, row.interval):  # a forecast of long intervals remembers a little of the other change
        assert measure.wape == pytest.approx(0, abs=5e-4)
        assert measure.bias == pytest.approx(0, abs=5e-4)
        assert measure.naive_wape == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("change", [AUTUMN, SPRING])
@pytest.mark.parametrize("slots", [48, 12])
@pytest.mark.parametrize("zero_filled", [False, True])
def test_a_change_of_the_clock_is_no_error_of_a_stored_forecast(
    change: np.datetime64, slots: int, zero_filled: bool
) -> None:
    table = steady(change, slots, zero_filled)
    right = np.full((7, slots), 40 * 24 / slots)
    scores = of_stored([Stored(day, right) for day in table.days[40:-7]] + [Stored(change - 2, right)], table, 7)
    assert scores is not None
    assert np.nanmax(scores.day) == pytest.approx(0)
    assert np.nanmax(scores.slot) == pytest.approx(0)


@pytest.mark.parametrize("field", ["days", "origins", "step"])
@pytest.mark.parametrize("value", ["7", 0, -1, 2.5, None, True])
def test_senseless_questions_are_refused_with_their_field(field: str, value: object) -> None:
    with pytest.raises(BadInput) as refused:
        backtest(Office(1, days=80).history(80), CR, **{field: value})
    assert refused.value.field == field


def test_days_of_which_nothing_is_known_are_no_history() -> None:
    """Two months of an empty log, then six weeks."""
    office = Office(1, days=100)
    office.counts[:58] = np.nan
    measured = backtest(office.history(100), CR, 7, 12)
    assert [row.first for row in measured.rows] == [office.dates[cut] for cut in (72, 79, 86, 93)]
    office.counts[:90] = np.nan
    with pytest.raises(BadInput) as refused:
        backtest(office.history(100), CR)
    assert refused.value.field == "days"


def test_less_than_five_weeks_are_refused() -> None:
    """Four to learn from and one to measure."""
    assert len(backtest(Office(1, days=35).history(35), CR).rows) == 1
    with pytest.raises(BadInput) as refused:
        backtest(Office(1, days=34).history(34), CR)
    assert refused.value.field == "days"
