"""The rest of today: what it learns from the morning, and that it does no harm when the morning says little."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workforce.errors import BadInput
from app.workforce.intraday import reforecast
from tests.workforce.offices import Office

SHAPE = Office(1, days=7).expected[0]


def mornings(
    seed: int, day_sd: float, part_sd: float, days: int = 120, size: float = 400
) -> tuple[np.ndarray, np.ndarray]:
    """Days whose size deviates as a whole, and whose halves deviate on their own."""
    rng = np.random.default_rng(seed)
    expected = np.tile(SHAPE / SHAPE.sum() * size, (days, 1))
    whole = np.exp(rng.normal(0, day_sd, (days, 1)))
    halves = np.repeat(np.exp(rng.normal(0, part_sd, (days, 2))), 24, axis=1)
    return expected, rng.poisson(expected * whole * halves).astype(float)


def rest_errors(expected: np.ndarray, actual: np.ndarray, cut: int, learn: int = 60) -> tuple[float, float, float]:
    """Errors of the rest of the day: the plan's, the naive ratio's, ours."""
    plan = naive = ours = 0.0
    for day in range(learn, len(actual)):
        seen = np.where(np.arange(48) < cut, actual[day], np.nan)
        today = reforecast(expected[day], seen, expected[:day], actual[:day])
        truth, rest = actual[day, cut:], expected[day, cut:]
        plan += np.abs(truth - rest).sum()
        naive += np.abs(truth - rest * today.ratio).sum()
        ours += np.abs(truth - today.mean[cut:]).sum()
    return plan, naive, ours


def test_it_works() -> None:
    expected = np.array([0.0, 100, 100, 100])
    today = reforecast(expected, np.array([0.0, 150, np.nan, np.nan]))
    assert today.ratio == 1.5
    assert 1 < today.multiplier < 1.5
    assert today.mean[:2].tolist() == [0, 150]
    assert today.mean[2] == pytest.approx(100 * today.multiplier)


def test_a_day_that_deviates_as_a_whole_is_followed() -> None:
    plan, _naive, ours = rest_errors(*mornings(1, day_sd=0.2, part_sd=0.02, size=2000), cut=24)
    assert ours < 0.7 * plan


@pytest.mark.parametrize("cut", [17, 18, 19, 20, 24])
def test_chance_alone_does_no_harm(cut: int) -> None:
    plan, naive, ours = rest_errors(*mornings(2, day_sd=0.0, part_sd=0.1), cut=cut)
    assert ours <= 1.03 * plan
    assert ours < naive


def test_the_first_calls_of_the_day_hardly_move_it() -> None:
    expected = np.array([2.0, 200, 200])
    assert abs(reforecast(expected, np.array([4.0, np.nan, np.nan])).multiplier - 1) < 0.03


@given(seed=st.integers(0, 2**32 - 1), slots=st.integers(1, 48), over=st.integers(0, 48), past=st.integers(0, 20))
def test_it_stays_between_the_plan_and_the_ratio(seed: int, slots: int, over: int, past: int) -> None:
    """Whatever the days before were like, also those whose afternoons made up for their mornings."""
    rng = np.random.default_rng(seed)
    plan = rng.gamma(0.5, 20, slots) * (rng.random(slots) < 0.8)
    came = rng.poisson(plan * rng.gamma(2, 0.5)).astype(float)
    came[over:] = np.nan
    before = rng.gamma(0.5, 20, (past, slots))
    today = reforecast(plan, came, before, before[:, ::-1] * rng.gamma(1, 1, (past, slots)))
    assert min(1, today.ratio) - 1e-9 <= today.multiplier <= max(1, today.ratio) + 1e-9
    known = ~np.isnan(came)
    assert np.array_equal(today.mean[known], came[known])
    assert today.mean[~known] == pytest.approx(plan[~known] * today.multiplier)


def test_a_day_not_begun_or_over_is_left_alone() -> None:
    expected = np.array([10.0, 20.0])
    assert reforecast(expected, np.array([np.nan, np.nan])).mean.tolist() == [10, 20]
    assert reforecast(expected, np.array([5.0, 6.0])).mean.tolist() == [5, 6]


def test_a_burst_is_not_carried_without_limit() -> None:
    today = reforecast(np.array([10.0, 1000]), np.array([500.0, np.nan]))
    assert today.multiplier < 3


def test_senseless_days_are_refused() -> None:
    with pytest.raises(BadInput):
        reforecast(np.array([1.0, 2]), np.array([1.0]))
    with pytest.raises(BadInput):
        reforecast(np.array([-1.0, 2]), np.array([1.0, np.nan]))
    with pytest.raises(BadInput):
        reforecast(np.array([1.0, 2]), np.array([-1.0, np.nan]))
    with pytest.raises(BadInput):
        reforecast([1.0, 2], ["x", None])
    with pytest.raises(BadInput):
        reforecast([1.0, 2], [float("inf"), None])
    with pytest.raises(BadInput):
        reforecast(np.ones((2, 2)), np.ones((2, 2)))
    for past, came in ((np.ones((2, 2)), np.ones((3, 2))), (np.ones((2, 3)), np.ones((2, 3)))):
        with pytest.raises(BadInput) as refused:
            reforecast([1.0, 2], [1.0, None], past, came)
        assert refused.value.field == "past_actual"
