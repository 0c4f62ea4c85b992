"""From rows to a table: what is mended, what is refused, and the hours that clocks skip and repeat."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

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
    ],
)
def test_senseless_rows_are_refused_with_a_sentence(stamps: list[str], values: list[object], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(stamps, values)
    assert refused.value.field == field
    assert refused.value.sentence


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(BadInput):
        read(["2026-01-01", "2026-01-02"], [1, 2], "America/Macondo")


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
