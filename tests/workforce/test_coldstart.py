"""The first two weeks: what of a single week says something about the next."""

import numpy as np
import pytest

from app.workforce.calendar import Setting, Special
from app.workforce.demand import forecast
from app.workforce.history import History

MONDAY = np.datetime64("2026-04-27")  # its Friday is the first of May, a holiday in Costa Rica
CR = Setting()


def week(counts: list[float], first: np.datetime64 = MONDAY) -> History:
    return History(first + np.arange(len(counts)), np.array(counts)[:, None], 86_400, "America/Costa_Rica")


def test_a_quiet_holiday_does_not_come_again_a_week_later() -> None:
    made = forecast(week([450, 420, 400, 405, 190, 240, 160]), CR, 7)
    assert made.totals[4] == pytest.approx(415, abs=25)
    assert made.totals[5:].tolist() == [240, 160]


def test_a_holiday_like_any_other_day_is_taken_as_one() -> None:
    made = forecast(week([450, 420, 400, 405, 385, 240, 160]), CR, 7)
    assert made.totals[4] == pytest.approx(392, abs=12)


def test_a_quiet_day_that_is_no_holiday_comes_again() -> None:
    made = forecast(week([450, 420, 400, 405, 190, 240, 160], MONDAY - 7), CR, 7)
    assert made.totals[4] < 215


def test_a_campaign_of_the_office_is_no_usual_day() -> None:
    campaign = Setting(specials=(Special((MONDAY - 6).item(), "campaña"),))
    made = forecast(week([450, 840, 400, 405, 410, 240, 160], MONDAY - 7), campaign, 7)
    assert made.totals[1] == pytest.approx(425, abs=25)


def test_a_holiday_at_the_weekend_is_as_its_weekday_was() -> None:
    """Nobody can tell from other days how busy an office is on a Sunday."""
    labour_day = np.datetime64("2022-04-25")
    made = forecast(week([450, 420, 400, 405, 410, 240, 600], labour_day), CR, 7)
    assert made.totals[6] == 600


def test_of_a_few_contacts_half_as_many_are_chance() -> None:
    made = forecast(week([12, 9, 11, 10, 6, 5, 3]), CR, 7)
    assert made.totals[4] < 9


def test_what_chance_does_not_explain_comes_again() -> None:
    """Of eleven thousand contacts chance makes a hundred: that Tuesdays are busier by three hundred is their own."""
    seen = [10_900.0, 11_300.0, 11_050.0, 11_000.0, 10_750.0, 7_900.0, 7_300.0]
    made = forecast(week(seen, MONDAY - 7), CR, 7)
    assert made.totals.tolist() == pytest.approx(seen, rel=0.007)
