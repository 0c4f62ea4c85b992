"""Days of 23 and 25 hours, in any zone and at any interval: no hour lost, none doubled."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workforce.calendar import Setting
from app.workforce.demand import forecast
from app.workforce.history import History, exposure, starts
from app.workforce.integrate import predict

TIJUANA = "America/Tijuana"
ZONES = (TIJUANA, "America/Ciudad_Juarez", "America/Matamoros", "America/Mexico_City", "America/Costa_Rica",
         "America/Havana", "America/Santiago", "Europe/Madrid", "Australia/Lord_Howe", "Asia/Kathmandu")  # fmt: skip
STEPS = tuple(60 * minutes for minutes in (5, 15, 30, 60, 120, 180, 240, 360, 480, 720))


@given(
    st.sampled_from(ZONES),
    st.sampled_from(STEPS),
    st.dates(datetime(2015, 1, 1).date(), datetime(2030, 1, 1).date()),  # noqa: DTZ001
)
def test_it_works(zone: str, step: int, plain: object) -> None:
    """What the slots of a day last is what the day lasts; its intervals follow each other and stay inside it."""
    day = np.datetime64(plain)
    begin, end = (datetime.fromisoformat(f"{d}T00:00").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
                  for d in (day, day + 1))  # fmt: skip
    assert exposure(np.array([day]), step, zone).sum() * step == pytest.approx((end - begin).total_seconds())
    moments = [*starts(day, step, zone), end]
    assert moments[0] == begin
    assert all(a < b for a, b in pairwise(moments))


@pytest.mark.parametrize("hours", [2, 3, 4, 6, 12])
def test_long_intervals_keep_to_the_wall_clock(hours: int) -> None:
    """An office open all day and night: the night of 1 November has an hour more, and no interval is another's half."""
    slots = 24 // hours
    days = np.datetime64("2026-01-01") + np.arange(302)
    counts = np.random.default_rng(5).poisson(40 * hours, (302, slots)).astype(float)
    made = forecast(History(days, counts, hours * 3600, TIJUANA), Setting(TIJUANA, "MX"), 7)
    change = list(made.days).index(np.datetime64("2026-11-01"))
    assert made.totals[change] == pytest.approx(25 * 40, rel=0.04)
    assert np.delete(made.totals, change) == pytest.approx(np.full(6, 24 * 40), rel=0.04)
    local = [moment.astimezone(ZoneInfo(TIJUANA)) for moment in made.moments()[0]]
    assert [(moment.hour, moment.minute) for moment in local] == [(h, 0) for h in range(0, 24, hours)] * 7


@pytest.mark.parametrize("aware", [True, False])
@pytest.mark.parametrize("known", [2, 3, 4, 5])
def test_rows_that_end_within_the_repeated_hour_go_on_within_it(known: int, aware: bool) -> None:
    """01:00 and 01:30 come twice in Tijuana on 1 November: after so many half hours the next follows."""
    last = datetime(2026, 11, 1, 7, tzinfo=UTC) + timedelta(minutes=30 * known)
    true = [last - timedelta(minutes=30 * i) for i in range(48 * 41)][::-1]
    walls = [moment.astimezone(ZoneInfo(TIJUANA)) for moment in true]
    rows = [{"ds": wall if aware else wall.replace(tzinfo=None), "y": 20 + i % 3} for i, wall in enumerate(walls)]
    expected = [(last + timedelta(minutes=30 * (i + 1))).astimezone(ZoneInfo(TIJUANA)) for i in range(9)]
    found = [row["ds"] for row in predict(rows, 9, Setting(TIJUANA, "MX"))]
    assert found == [(wall if aware else wall.replace(tzinfo=None)).isoformat() for wall in expected]
