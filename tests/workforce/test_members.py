"""What each forecaster of the level is there for, and that the better one gets the weight."""

import numpy as np
import pytest

from app.workforce.ensemble import blend
from app.workforce.members import Member, Rest, alike, fresh, line, smooth, steady


def noisy(level: np.ndarray, seed: int = 0) -> Rest:
    return alike(level + np.random.default_rng(seed).normal(0, 0.05, len(level)))


def test_it_works() -> None:
    made = blend(noisy(np.full(300, 2.0)), 14)
    assert made.ahead == pytest.approx(np.full(14, 2.0), abs=0.06)
    assert sum(made.weights.values()) == pytest.approx(1)


def test_the_steady_member_keeps_the_usual_level_through_odd_weeks() -> None:
    level = np.full(300, 1.0)
    level[280:] = 2.0
    assert steady(noisy(level), 7, np.array([300])) == pytest.approx(np.ones((1, 7)), abs=0.05)


def test_the_steady_member_takes_unknown_days_as_unknown() -> None:
    level = noisy(np.full(200, 1.0))
    level.values[::3] = np.nan
    assert steady(level, 3, np.array([200]))[0] == pytest.approx(np.ones(3), abs=0.05)
    assert steady(alike(np.full(10, np.nan)), 3, np.array([10])).tolist() == [[0.0, 0.0, 0.0]]


def test_the_past_is_told_nothing_of_what_came_later() -> None:
    level = noisy(np.full(200, 1.0))
    changed = alike(np.append(level.values[:150], np.full(50, 9.0)))
    assert steady(changed, 5, np.array([150])) == pytest.approx(steady(level, 5, np.array([150])))


def test_after_a_lasting_change_of_level_the_steady_member_has_no_say() -> None:
    level = np.full(300, 1.0)
    level[230:] = 2.0
    made = blend(noisy(level), 14)
    assert made.weights["steady"] < 0.1
    assert made.ahead == pytest.approx(np.full(14, 2.0), abs=0.12)


def test_where_levels_come_back_the_steady_member_gets_weight() -> None:
    """Weeks of ups and downs around one level that never last: to follow them is to err."""
    swing = 0.3 * np.repeat(np.random.default_rng(3).normal(size=60), 7)
    made = blend(noisy(swing), 14)
    assert made.weights["steady"] > 0.3


@pytest.mark.parametrize("member", [fresh, line, steady, smooth])
def test_what_small_days_show_moves_the_level_little(member: Member) -> None:
    """Two quiet days of a week far up: where all days say as much, the level follows them farther."""
    level = noisy(np.zeros(300))
    level.values[[292, 293, 299]] = 0.9
    small = Rest(level.values, np.where(np.arange(300) % 7 > 4, 0.2, 1.0))
    now = np.array([300])
    assert abs(member(small, 5, now).mean()) < 0.6 * abs(member(level, 5, now).mean()) + 0.02
