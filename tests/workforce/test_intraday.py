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


@pytest.mark.parametrize("noise", [0.0, 0.1, 0.2])
@pytest.mark.parametrize("past", [0, 5, 60])
@pytest.mark.parametrize("size", [200, 5000, 50_000])
@pytest.mark.parametrize("over", [1, 2, 4])
def test_early_in_the_day_it_never_hurts(size: int, past: int, noise: float, over: int) -> None:
    """Days that are all alike but for chance and for the noise of each part alone: the plan is right, and a quarter of
    an hour of a large office must not make anybody doubt it."""
    rng, plan = np.random.default_rng(size + past + over), np.full(20, size / 20)
    ours = theirs = 0.0
    for _day in range(60):
        days = rng.poisson(plan * np.exp(rng.normal(0, noise, (past + 1, 20)))).astype(float)
        seen = np.where(np.arange(20) < over, days[-1], np.nan)
        today = reforecast(plan, seen, np.tile(plan, (past, 1)), days[:-1])
        ours += np.abs(days[-1] - today.mean)[over:].sum()
        theirs += np.abs(days[-1] - plan)[over:].sum()
    assert ours <= 1.05 * theirs


def test_a_log_that_is_late_empties_no_day() -> None:
    morning = [0.0] + [np.nan] * 19
    assert reforecast([500.0] * 20, morning).multiplier > 0.9
    noon = [0.0] * 10 + [np.nan] * 10
    assert reforecast([500.0] * 20, noon).multiplier < 0.35


@pytest.mark.parametrize("change", [-0.3, -0.2, 0.2, 0.3])
def test_a_day_of_another_size_is_followed_from_its_first_quarter_on(change: float) -> None:
    rng, plan = np.random.default_rng(5), np.full(20, 150.0)
    past = rng.poisson(plan * np.exp(rng.normal(0, 0.15, (60, 1)))).astype(float)
    today = plan * (1 + change)
    for over, least in ((5, 0.5), (10, 0.75)):
        seen = np.where(np.arange(20) < over, today, np.nan)
        assert (reforecast(plan, seen, np.tile(plan, (60, 1)), past).multiplier - 1) / change > least


@pytest.mark.parametrize(
    ("field", "past", "came"),
    [
        ("past_expected", [["x", 2]], [[1.0, 2]]),
        ("past_actual", [[1.0, 2]], [["x", 2]]),
        ("past_actual", [[1.0, 2]], [[1.0, 2], [3.0]]),
        ("past_actual", [[1.0, 2]], []),
        ("past_expected", [[-1.0, 2]], [[1.0, 2]]),
    ],
)
def test_senseless_past_days_are_refused(field: str, past: list[list[float]], came: list[list[float]]) -> None:
    with pytest.raises(BadInput) as refused:
        reforecast([1.0, 2], [1.0, None], past, came)
    assert refused.value.field == field


def test_no_past_days_are_as_none() -> None:
    plain = reforecast([10.0, 20], [12.0, np.nan])
    assert reforecast([10.0, 20], [12.0, np.nan], [], []).multiplier == plain.multiplier


def test_a_day_of_which_nothing_is_expected_is_left_alone() -> None:
    assert reforecast([0.0, 0], [3.0, np.nan]).mean.tolist() == [3, 0]
