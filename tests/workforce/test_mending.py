"""What is missing in rows, and rows that lie years away from all others."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from app.workforce.calendar import Setting
from app.workforce.demand import forecast
from app.workforce.history import read
from app.workforce.integrate import predict
from app.workforce.seasons import _good_friday

MONTH = [(f"2026-01-{day:02d}", 100.0 + day) for day in range(1, 29)]


def test_it_works() -> None:
    """Two mistyped years do not make a history of themselves."""
    days, counts = zip(*MONTH, ("2062-01-29", 5.0), ("2062-01-30", 6.0), strict=True)
    history = read(days, counts)
    assert [str(day) for day in history.days[[0, -1]]] == ["2026-01-01", "2026-01-28"]
    assert any("2062-01-29" in note for note in history.notes)
    rows = [{"ds": day, "y": count} for day, count in zip(days, counts, strict=True)]
    assert predict(rows, 2)[0]["ds"].startswith("2026-01-29")


def test_of_two_histories_the_newer_one_counts() -> None:
    new = [(f"2028-02-{day:02d}", 1.0 * day) for day in range(1, 21)]
    days, counts = zip(*MONTH, *new, strict=True)
    assert str(read(days, counts).days[0]) == "2028-02-01"


@pytest.mark.parametrize("zeros", [0, 1, 3])
def test_a_log_that_leaves_out_its_zeros_may_have_some_by_chance(zeros: int) -> None:
    """Nine contacts in ten hours: a log that wrote its zeros would have a thousand of them."""
    rng = np.random.default_rng(0)
    stamps = [datetime(2026, 1, 5) + timedelta(minutes=30 * i) for i in range(48 * 60)]  # noqa: DTZ001
    rows = [(moment, float(n)) for moment, n in zip(stamps, rng.poisson(0.9, len(stamps)), strict=True) if n]
    rows = [(moment, 0.0 if i % 400 == 100 and i < 400 * zeros else n) for i, (moment, n) in enumerate(rows)]
    history = read(*zip(*rows, strict=True))
    assert forecast(history, Setting("UTC", ""), 7).totals.mean() == pytest.approx(0.9 * 48, rel=0.1)
    assert any("ceros" in note for note in history.notes)


def test_a_log_with_its_zeros_keeps_its_gaps() -> None:
    rng = np.random.default_rng(0)
    stamps = [datetime(2026, 1, 5) + timedelta(minutes=30 * i) for i in range(48 * 60)]  # noqa: DTZ001
    kept = rng.random(len(stamps)) < 0.6
    counts = rng.poisson(0.9, len(stamps)).astype(float)
    history = read([m for m, k in zip(stamps, kept, strict=True) if k], counts[kept])
    assert history.notes == ()
    assert forecast(history, Setting("UTC", ""), 7).totals.mean() == pytest.approx(0.9 * 48, rel=0.15)


def test_good_friday_moves_with_the_moon_in_any_year() -> None:
    known = ["1943-04-23", "2008-03-21", "2024-03-29", "2025-04-18", "2026-04-03", "2038-04-23", "2199-04-12"]
    assert [str(_good_friday(int(day[:4]))) for day in known] == known


def test_a_history_of_the_next_century_has_a_forecast() -> None:
    stamps = [datetime(2101, 1, 1) + timedelta(days=i) for i in range(60)]  # noqa: DTZ001
    history = read(stamps, [20.0] * 60, "America/Costa_Rica")
    assert forecast(history, Setting(), 7).totals == pytest.approx(20, rel=0.1)
