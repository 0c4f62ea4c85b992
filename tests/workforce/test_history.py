"""From rows to a table: what is mended, what is refused, and the hours that clocks skip and repeat."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from app.workforce.demand import nothing_yet
from app.workforce.errors import BadInput
from app.workforce.history import exposure, read, starts

TIJUANA = "America/Tijuana"


def half_hours(begin: datetime, number: int) -> list[datetime]:
    return [begin + timedelta(minutes=30 * i) for i in range(number)]


def test_it_works() -> None:
    history = read(half_hours(datetime(2026, 1, 5), 96), range(96))  # noqa: DTZ001
    assert history.counts.shape == (2, 48)
    assert history.counts[1, 0] == 48
    assert history.notes == ()


def test_disorder_is_mended_and_said() -> None:
    history = read(["2026-01-02", "2026-01-01", "2026-01-04"], [2, 1, 4])
    assert np.array_equal(history.counts[:, 0], [1, 2, np.nan, 4], equal_nan=True)
    assert len(history.notes) == 1


def test_a_log_without_zeros_means_zero_where_it_is_silent() -> None:
    stamps = [datetime(2026, 1, 5, 8), datetime(2026, 1, 5, 8, 30), datetime(2026, 1, 5, 10)]  # noqa: DTZ001
    history = read(stamps, [3, 1, 2])
    assert history.counts[0, 16:21].tolist() == [3, 1, 0, 0, 2]
    assert np.isnan(history.counts[0, :16]).all()


def test_a_gap_in_a_log_that_says_zero_stays_unknown() -> None:
    stamps = [datetime(2026, 1, 5, 8), datetime(2026, 1, 5, 8, 30), datetime(2026, 1, 5, 10)]  # noqa: DTZ001
    assert np.isnan(read(stamps, [0, 1, 2]).counts[0, 18])


def test_a_hole_of_a_year_leaves_what_comes_after() -> None:
    history = read(["2023-01-01", "2023-01-02", "2025-01-01", "2025-01-02", "2025-01-03"], [9, 9, 1, 2, 3])
    assert history.counts[:, 0].tolist() == [1, 2, 3]
    assert len(history.notes) == 1


def test_the_repeated_moments_of_the_older_history_are_forgotten_with_it() -> None:
    history = read(["2023-01-01", "2023-01-01", "2025-01-01", "2025-01-02", "2025-01-03"], [9, 9, 1, 2, 3])
    assert history.counts[:, 0].tolist() == [1, 2, 3]


@pytest.mark.parametrize("hour", ["06:00", "18:00", "23:59:59"])
def test_daily_data_of_any_hour_are_of_their_date(hour: str) -> None:
    history = read([f"2026-01-{day:02}T{hour}" for day in range(1, 11)], range(10))
    assert history.days[0] == np.datetime64("2026-01-01")
    assert history.counts[:, 0].tolist() == list(range(10))
    assert len(history.notes) == 1


@pytest.mark.parametrize("zone", ["America/Costa_Rica", TIJUANA, "Europe/Madrid"])
def test_daily_data_of_greenwich_are_of_the_date_that_they_name(zone: str) -> None:
    """Through a change of the clock as well."""
    stamps = [(datetime(2026, 2, 20, tzinfo=UTC) + timedelta(days=i)).isoformat() for i in range(50)]
    history = read(stamps, range(50), zone)
    assert history.days[0] == np.datetime64("2026-02-20")
    assert history.counts[:, 0].tolist() == list(range(50))


@pytest.mark.parametrize("late", [7, 15, 29.5])
def test_stamps_inside_their_interval_are_taken_as_its_beginning(late: float) -> None:
    history = read(half_hours(datetime(2026, 1, 5) + timedelta(minutes=late), 48), range(48))  # noqa: DTZ001
    assert history.counts.tolist() == [list(range(48))]
    assert len(history.notes) == 1


@pytest.mark.parametrize("minutes", [7, 50, 55])
def test_intervals_that_do_not_divide_the_day_are_told_so(minutes: int) -> None:
    with pytest.raises(BadInput) as refused:
        read([datetime(2026, 1, 5) + timedelta(minutes=minutes * i) for i in range(9)], range(9))  # noqa: DTZ001
    assert refused.value.sentence == "El intervalo debe dividir el día en partes iguales."


@pytest.mark.parametrize("interval_s", [0, -1800, 7, 420, 10**6])
def test_senseless_intervals_are_refused(interval_s: int) -> None:
    for ask in (lambda: read(["2026-01-01", "2026-01-02"], [1, 2], interval_s=interval_s),
                lambda: nothing_yet(np.datetime64("2026-01-01"), interval_s, "UTC")):  # fmt: skip
        with pytest.raises(BadInput) as refused:
            ask()
        assert refused.value.field == "interval_s"


def test_an_interval_that_is_known_fills_the_quiet_ones() -> None:
    """Two calls an hour apart, in a log by half hour."""
    history = read(["2026-01-05T08:00", "2026-01-05T09:00"], [1, 2], interval_s=1800)
    assert history.counts[0, 16:19].tolist() == [1, 0, 2]


@pytest.mark.parametrize(
    ("stamps", "values", "field"),
    [
        (["2026-01-01"], [1], "ds"),
        ([], [], "ds"),
        (["2026-01-01", "2026-01-01", "2026-01-02"], [1, 2, 3], "ds"),
        (["2026-01-01", "2026-01-01"], [1, 2], "ds"),
        (["2026-01-01", "2026-01-02"], [1, -2], "y"),
        (["2026-01-01", "2026-01-02"], [1, "dos"], "y"),
        (["2026-01-01", "2026-01-02"], [1, None], "y"),
        (["2026-01-01", "2026-01-02"], [1], "y"),
        (["2026-01-01", "ayer"], [1, 2], "ds"),
        (["2026-01-01", 7], [1, 2], "ds"),
        (["2026-01-01T00:00", "2026-01-01T00:01"], [1, 2], "ds"),
        (["2026-01-01T00:00", "2026-01-01T00:30", "2026-01-01T01:00", "2026-01-01T01:10"], [1, 2, 3, 4], "ds"),
        (["2023-01-01", "2023-01-02", "2025-01-01"], [1, 2, 3], "ds"),
        (np.array([1, 2, 3]) * 86_400, [1, 2, 3], "ds"),
        (["0001-01-01", "0001-01-02"], [1, 2], "ds"),
        (["9999-12-30", "9999-12-31"], [1, 2], "ds"),
        (["0001-01-01T00:00+14:00", "0001-01-02T00:00+14:00"], [1, 2], "ds"),
        (["2026-01-01", "2026-01-02"], [1, 1e300], "y"),
        (["2026-01-01", "2026-01-02"], [1, float("inf")], "y"),
        (["2026-01-01", "2026-01-02"], [[1, 2], [3, 4]], "y"),
    ],
)
def test_senseless_rows_are_refused_with_a_sentence(stamps: list[str], values: list[object], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(stamps, values)
    assert refused.value.field == field
    assert refused.value.sentence


@pytest.mark.parametrize("zone", ["America/Macondo", "America", "", "../etc", None])
def test_an_unknown_zone_is_refused(zone: Any) -> None:
    with pytest.raises(BadInput) as refused:
        read(["2026-01-01", "2026-01-02"], [1, 2], zone)
    assert refused.value.field == "timezone"


def test_no_hour_is_lost_or_doubled_at_the_border() -> None:
    """Tijuana 2026: 8 March has 23 hours, 1 November has 25; each true half hour appears once."""
    days = np.array(["2026-03-08", "2026-11-01", "2026-11-02"], dtype="datetime64[D]")
    assert exposure(days, 1800, TIJUANA).sum(axis=1).tolist() == [46, 50, 48]
    assert exposure(days, 1800, TIJUANA)[0, 4:6].tolist() == [0, 0]
    assert exposure(days, 1800, TIJUANA)[1, 2:4].tolist() == [2, 2]
    for day, number in zip(days, (46, 50, 48), strict=True):
        moments = starts(day, 1800, TIJUANA)
        assert len(moments) == number
        assert {b - a for a, b in pairwise(moments)} == {timedelta(minutes=30)}


def test_the_repeated_hour_may_come_twice_and_only_it() -> None:
    begin = datetime(2026, 11, 1, tzinfo=ZoneInfo(TIJUANA)).astimezone(UTC)
    history = read(half_hours(begin, 50), [10.0] * 50, TIJUANA)
    assert (history.counts == 10).all()
    naive = [moment.astimezone(ZoneInfo(TIJUANA)).replace(tzinfo=None) for moment in half_hours(begin, 50)]
    assert (read(naive, [10.0] * 50, TIJUANA).counts == 10).all()
    with pytest.raises(BadInput):
        read(naive, [10.0] * 50, "America/Costa_Rica")


def test_the_skipped_hour_is_unknown_and_not_zero() -> None:
    begin = datetime(2026, 3, 8, tzinfo=ZoneInfo(TIJUANA)).astimezone(UTC)
    history = read(half_hours(begin, 46), [0.0, *[10.0] * 45], TIJUANA)
    assert np.isnan(history.counts[0, 4:6]).all()
    assert history.counts[0, 6] == 10
