"""The forecast against offices whose truth is known."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from app.workforce.backtest import backtest
from app.workforce.calendar import Setting
from app.workforce.demand import forecast, nothing_yet
from app.workforce.drivers import said
from app.workforce.errors import BadInput
from app.workforce.history import History
from tests.workforce.offices import Office, wape

CR = Setting()
WEEKDAYS_9_TO_5 = Setting(opening=(*[((480, 1080),)] * 5, (), ()))


def test_it_works() -> None:
    office = Office(1)
    made = forecast(office.history(380), CR, 14)
    assert made.days[0] == office.dates[380]
    assert wape(office.expected[380:394], made.mean) < 0.11
    assert wape(office.totals[380:394], made.totals) < 0.08


@pytest.mark.parametrize("seed", range(6))
def test_it_beats_the_week_before_on_every_office(seed: int) -> None:
    office = Office(seed, days=420, base=150, drift=0.01)
    table = backtest(office.history(420), CR, 7, 6)
    assert table.interval.wape < 0.9 * table.interval.naive_wape
    assert table.day.wape < 0.95 * table.day.naive_wape
    assert table.interval.mase < 0.9
    assert abs(table.day.bias) < 0.05
    assert len(table.rows) == 6


def test_intervals_hold_what_they_promise() -> None:
    """After eight stored forecasts: 80 % in 75..88, 95 % in 92..98, over several offices."""
    inside = {80: [], 95: []}
    for seed in range(5):
        office = Office(seed + 20, days=500, base=300, closed=(6,))
        stored = list(backtest(office.history(380), CR, 7, 10).stored)
        for cut in range(380, 493, 14):
            made = forecast(office.history(cut), CR, 7, stored)
            truth = office.counts[cut : cut + 7]
            for level in (80, 95):
                low, high = made.bands[level / 100]
                inside[level].append(((truth >= low) & (truth <= high))[made.mean > 0].mean())
            stored.append(made.stored())
    assert 0.75 <= np.mean(inside[80]) <= 0.88
    assert 0.92 <= np.mean(inside[95]) <= 0.98


def test_closed_days_are_zero_and_learnt() -> None:
    office = Office(3, closed=(5, 6))
    made = forecast(office.history(200), CR, 14)
    assert (made.totals[(made.days.astype(np.int64) + 3) % 7 >= 5] == 0).all()
    assert said(made.drivers[5]) in ("Cerrado",) or made.totals[5] > 0


def test_opening_hours_cut_what_lies_outside() -> None:
    made = forecast(Office(4).history(200), WEEKDAYS_9_TO_5, 7)
    assert made.mean[:, :16].sum() == 0
    assert made.mean[:, 36:].sum() == 0
    assert made.mean[:, 16:36].sum() > 0
    assert made.bands[0.95][1][:, :16].sum() == 0


def test_a_level_that_jumped_is_found_within_weeks() -> None:
    office = Office(9, days=330, jump=(300, 0.5), drift=0.002)
    assert wape(office.totals[321:328], forecast(office.history(321), CR, 7).totals) < 0.12


def test_one_wild_day_is_not_believed() -> None:
    office = Office(10, days=330, drift=0.002)
    calm = forecast(office.history(320), CR, 7)
    office.counts[319] *= 8
    wild = forecast(office.history(320), CR, 7)
    assert wape(calm.totals, wild.totals) < 0.06


@pytest.mark.parametrize("back", [1, 4, 20, 100])
@pytest.mark.parametrize("slip", [400, 5000, 1e6])
def test_one_wild_half_hour_bends_neither_the_level_nor_the_shape(back: int, slip: float) -> None:
    """A test of the lines, a slip of the pen."""
    office = Office(10, days=430, drift=0.002)
    office.counts[400 - back, 20] = slip
    assert wape(office.expected[400:407], forecast(office.history(400), CR, 7).mean) < 0.06


def test_gaps_and_partial_days_do_little_harm() -> None:
    office = Office(11, days=420)
    rng = np.random.default_rng(1)
    office.counts[rng.random(office.counts.shape) < 0.1] = np.nan
    office.counts[200:215] = np.nan
    office.counts[300, 20:] = np.nan
    made = forecast(office.history(400), CR, 14)
    assert wape(office.totals[400:414], made.totals) < 0.09


def test_a_running_day_is_forecast_and_not_learnt() -> None:
    office = Office(12)
    office.counts[250, 20:] = np.nan
    made = forecast(office.history(251), CR, 3)
    assert made.days[0] == office.dates[250]


@pytest.mark.parametrize("known", [1, 2, 3, 6, 8])
def test_a_running_day_of_the_first_weeks_is_forecast_too(known: int) -> None:
    """Its morning is no whole day, though there is no day like it yet to tell."""
    office = Office(3, days=60, start="2026-05-04")
    office.counts[known, 20:] = np.nan
    made = forecast(office.history(known + 1), CR, 5)
    assert made.days[0] == office.dates[known]
    assert wape(office.totals[known : known + 5], made.totals) < 0.2


def test_small_offices_with_zeros_are_no_closed_offices() -> None:
    office = Office(13, base=3, days=200)
    made = forecast(office.history(190), CR, 7)
    assert (made.totals > 0).all()
    assert 0.5 < made.totals.sum() / office.totals[190:197].sum() < 2


@pytest.mark.parametrize("known", [14, 60, 190])
def test_small_offices_close_on_sundays_too(known: int) -> None:
    office = Office(13, base=8, days=200, closed=(6,))
    made = forecast(office.history(known), CR, 7)
    sunday = (made.days.astype(np.int64) + 3) % 7 == 6
    assert made.totals[sunday] == 0
    assert (made.totals[~sunday] > 0).all()


@pytest.mark.parametrize("known", [1, 2, 3, 6, 7, 10, 13, 14, 15, 20, 30, 60, 85])
def test_every_length_of_history_gives_a_sane_forecast(known: int) -> None:
    office = Office(14, days=120, start="2026-05-04")
    made = forecast(office.history(known), CR, 14)
    assert wape(office.totals[known : known + 14], made.totals) < (0.6 if known < 7 else 0.25)
    assert np.isfinite(made.mean).all()
    assert (made.bands[0.95][1] >= made.bands[0.8][1]).all()
    assert (made.bands[0.95][0] <= made.bands[0.8][0] + 1e-12).all()
    assert bool(made.notes)


@pytest.mark.parametrize("seed", range(8))
def test_after_one_week_it_is_no_worse_than_repeating_it(seed: int) -> None:
    office, errors, naive = Office(seed + 40, days=400, base=250, closed=(6,)), 0.0, 0.0
    for begin in range(20, 380, 12):
        table = History(office.dates[begin : begin + 7], office.counts[begin : begin + 7], 1800, "UTC")
        truth = office.counts[begin + 7 : begin + 14].sum(axis=1)
        errors += np.abs(forecast(table, CR, 7).totals - truth).sum()
        naive += np.abs(office.counts[begin : begin + 7].sum(axis=1) - truth).sum()
    assert errors <= naive * 1.01


def test_the_first_day_of_an_office_rests_on_the_owners_guess() -> None:
    opens = np.datetime64("2026-06-01")
    made = forecast(nothing_yet(opens, 1800, "America/Costa_Rica"), WEEKDAYS_9_TO_5, 7, guess=100)
    assert made.days[0] == opens
    assert made.totals[:5].mean() == pytest.approx(103, abs=5)
    assert made.totals[5:].sum() == 0
    assert made.mean[:, :16].sum() == 0
    with pytest.raises(BadInput):
        forecast(nothing_yet(opens, 1800, "UTC"), CR, 7)


def test_clock_changes_neither_lose_nor_double_an_hour() -> None:
    """An office open all day and night in Tijuana: 46 and 50 half hours, at the usual rate each."""
    rng = np.random.default_rng(5)
    days = np.datetime64("2026-01-01") + np.arange(302)
    history = History(days, rng.poisson(20, (302, 48)).astype(float), 1800, "America/Tijuana")
    made = forecast(history, Setting("America/Tijuana", "MX"), 7)
    moments, places = made.moments()
    change = list(made.days).index(np.datetime64("2026-11-01"))
    assert made.shown.sum(axis=1)[change] == 50
    assert made.totals[change] == pytest.approx(50 * 20, rel=0.05)
    assert len(moments) == 7 * 48 + 2 == len(set(moments))
    assert moments[-1] - moments[0] == timedelta(minutes=30) * (len(moments) - 1)
    assert made.mean.ravel()[places].sum() == pytest.approx(made.totals.sum())
    assert moments[0] == datetime(2026, 10, 30, 7, tzinfo=UTC)


def test_a_day_of_another_length_in_the_past_does_not_bend_the_level() -> None:
    rng = np.random.default_rng(6)
    days = np.datetime64("2026-01-01") + np.arange(120)
    counts = rng.poisson(20, (120, 48)).astype(float)
    counts[66, 4:6] = np.nan  # 8 March: two half hours that never were
    made = forecast(History(days, counts, 1800, "America/Tijuana"), Setting("America/Tijuana", "MX"), 7)
    assert made.totals.mean() == pytest.approx(960, rel=0.02)


@pytest.mark.parametrize("days", [0, -1, 5000])
def test_senseless_horizons_are_refused(days: int) -> None:
    with pytest.raises(BadInput):
        forecast(Office(1, days=60).history(60), CR, days)


def test_unknown_countries_and_crooked_hours_are_refused() -> None:
    history = Office(1, days=60).history(60)
    for setting in (Setting(country="XX"), Setting(opening=((),)), Setting(opening=(((600, 500),),) * 7)):
        with pytest.raises(BadInput):
            forecast(history, setting, 7)


def test_a_short_history_cannot_be_measured() -> None:
    with pytest.raises(BadInput):
        backtest(Office(1, days=30).history(30), CR)


@pytest.mark.parametrize("ask", [{"days": 0}, {"origins": 0}, {"step": 0}, {"step": -7}])
def test_senseless_measurements_are_refused(ask: dict[str, int]) -> None:
    with pytest.raises(BadInput) as refused:
        backtest(Office(1, days=80).history(80), CR, **ask)
    assert refused.value.field == next(iter(ask))


def test_a_year_ahead_stays_in_the_world() -> None:
    office = Office(2, days=800)
    made = forecast(office.history(800), CR, 365)
    assert (made.totals > 20).all()
    assert (made.totals < 2000).all()


def test_a_burst_of_days_that_ended_is_no_new_level() -> None:
    """Twenty times as much for four days (a recall, a viral post), three usual days since: next week is a usual one."""
    office = Office(31, days=300, noise=0.03)
    calm = forecast(office.history(280), CR, 7).totals
    office.counts[273:277] *= 20
    assert forecast(office.history(280), CR, 7).totals == pytest.approx(calm, rel=0.15)
