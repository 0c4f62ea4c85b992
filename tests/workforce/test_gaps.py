"""Days of which nothing is known are not days on which nothing came; what a log leaves out every time is closed."""

from datetime import date

import holidays
import numpy as np
import pytest

from app.workforce.calendar import Setting
from app.workforce.demand import forecast
from app.workforce.history import History
from tests.workforce.offices import Office, wape

CR = Setting()
SUNDAY, FEAST = 6, np.datetime64("2025-09-15")


def daily(office: Office, days: int) -> History:
    """Unknown where nothing of the day is known."""
    sums = np.where(np.isnan(office.counts).all(axis=1), np.nan, np.nansum(office.counts, axis=1))
    return History(office.dates[:days], sums[:days, None], 86_400, "America/Costa_Rica")


def weekday(days: np.ndarray) -> np.ndarray:
    return (days.astype(np.int64) + 3) % 7


@pytest.mark.parametrize("blank", [np.nan, 0.0])
@pytest.mark.parametrize(("length", "since"), [(50, 1), (60, 7), (120, 3), (250, 5)])
def test_after_weeks_without_data_the_office_is_not_closed(blank: float, length: int, since: int) -> None:
    """A log that was lost, or an office shut for a season that opened again."""
    office = Office(1, days=420)
    office.counts[400 - since - length : 400 - since] = blank
    for history in (office.history(400), daily(office, 400)):
        assert wape(office.totals[400:407], forecast(history, CR, 7).totals) < 0.2


def test_a_log_lost_until_yesterday_does_not_close_the_office() -> None:
    office = Office(2, days=420)
    office.counts[340:399, :] = np.nan
    assert wape(office.totals[400:407], forecast(daily(office, 400), CR, 7).totals) < 0.25


def test_after_a_gap_the_closed_weekday_is_still_closed() -> None:
    office = Office(3, days=420, closed=(SUNDAY,))
    office.counts[weekday(office.dates) == SUNDAY] = np.nan
    office.counts[330:396] = np.nan
    made = forecast(daily(office, 400), CR, 14)
    assert (made.totals[weekday(made.days) == SUNDAY] == 0).all()
    assert (made.totals[weekday(made.days) != SUNDAY] > 50).all()


def test_a_log_of_weekends_only_is_an_office_of_weekends() -> None:
    office = Office(4, days=420)
    office.counts[weekday(office.dates) < 5] = np.nan
    made = forecast(daily(office, 400), CR, 14)
    assert ((made.totals > 0) == (weekday(made.days) >= 5)).all()


@pytest.mark.parametrize("blank", [np.nan, 0.0])
@pytest.mark.parametrize(("weeks", "closed"), [(2, False), (4, True), (6, True)])
def test_a_weekday_on_which_the_office_no_longer_opens_is_closed_after_a_month(
    weeks: int, closed: bool, blank: float
) -> None:
    office = Office(3, days=420)
    saturdays = weekday(office.dates) == 5
    office.counts[saturdays & (np.arange(420) >= 400 - 7 * weeks)] = blank
    for history in (office.history(400), daily(office, 400)):
        made = forecast(history, CR, 7)
        assert (made.totals[weekday(made.days) == 5] == 0).all() == closed
        assert (made.totals[weekday(made.days) != 5] > 0).all()


def test_a_weekday_on_which_the_office_opens_now_is_open_after_two_weeks() -> None:
    office = Office(3, days=420)
    office.counts[(weekday(office.dates) == 5) & (np.arange(420) < 386)] = 0
    made = forecast(office.history(400), CR, 7)
    assert wape(office.totals[400:407], made.totals) < 0.08


@pytest.mark.parametrize("blank", [np.nan, 0.0])
@pytest.mark.parametrize("since", [3, 8, 15])
def test_what_was_before_the_first_contact_closes_no_day(since: int, blank: float) -> None:
    """A new line in a log that began months before it."""
    office = Office(10, days=430, drift=0.002)
    office.counts[: 400 - since] = blank
    made = forecast(office.history(400), CR, 7)
    assert wape(office.totals[400:407], made.totals) < (0.4 if since < 7 else 0.2)
    assert (made.totals > 50).all()


def test_an_office_that_stopped_weeks_ago_has_stopped() -> None:
    office = Office(5, days=420)
    office.counts[350:] = 0
    assert forecast(office.history(400), CR, 7).totals.tolist() == [0] * 7


@pytest.mark.parametrize("blank", [np.nan, 0.0])
def test_holidays_that_the_log_leaves_out_are_closed(blank: float) -> None:
    office = Office(7, days=700, holiday=1.0)
    public = holidays.country_holidays("CR", years=range(2024, 2026))
    office.counts[[date.fromisoformat(str(day)) in public for day in office.dates]] = blank
    cut = int(np.flatnonzero(office.dates == FEAST)[0]) - 5
    for history in (office.history(cut), daily(office, cut)):
        made = forecast(history, CR, 10)
        assert made.totals[5] == 0
        assert (np.delete(made.totals, 5) > 0).all()


def test_one_holiday_without_data_among_open_ones_is_a_gap() -> None:
    office = Office(7, days=700)
    office.counts[int(np.flatnonzero(office.dates == np.datetime64("2025-05-01"))[0])] = np.nan
    cut = int(np.flatnonzero(office.dates == FEAST)[0]) - 5
    assert forecast(daily(office, cut), CR, 10).totals[5] > 0


def test_a_weekday_whose_log_was_lost_in_part_is_no_closed_one() -> None:
    """Of the last four Sundays more than half of the log is lost: somebody was there."""
    office = Office(1, days=420)
    office.counts[(weekday(office.dates) == SUNDAY) & (np.arange(420) >= 372), 20:] = np.nan
    made = forecast(office.history(400), CR, 7)
    assert wape(office.totals[400:407], made.totals) < 0.1
    assert (made.totals > 0).all()
