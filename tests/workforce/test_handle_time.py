"""How long contacts take: level, hour and weekday found, odd calls survived."""

import numpy as np
import pytest

from app.workforce.errors import BadInput
from app.workforce.handle_time import handle_times

DAYS = np.datetime64("2026-01-05") + np.arange(84)
HOUR = 1 + 0.2 * np.sin(np.arange(48) / 48 * 2 * np.pi)
WEEK = np.array([1.1, 1, 1, 1, 1, 0.9, 0.9])


def past(seed: int, calls: float = 20, drift: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Contacts, measured means and the true mean of each interval."""
    rng = np.random.default_rng(seed)
    truth = 300 * np.exp(drift * np.arange(84))[:, None] * WEEK[np.arange(84) % 7][:, None] * HOUR
    contacts = rng.poisson(calls, (84, 48)).astype(float)
    noise = rng.gamma(np.maximum(contacts, 1), 1 / np.maximum(contacts, 1))
    return contacts, np.where(contacts > 0, truth * noise, np.nan), truth


def test_it_works() -> None:
    contacts, lasted, truth = past(1)
    made = handle_times(DAYS, contacts, lasted, 7)
    assert made.days[0] == DAYS[-1] + 1
    assert np.abs(made.mean_s / truth[:7] - 1).mean() < 0.03


def test_a_drift_is_followed_and_not_read_as_a_pattern() -> None:
    contacts, lasted, truth = past(2, drift=0.005)
    made = handle_times(DAYS, contacts, lasted, 7)
    assert made.mean_s.mean() == pytest.approx(truth[-7:].mean(), rel=0.12)
    assert np.ptp(made.slot) < 0.5


def test_a_call_left_open_over_night_is_survived() -> None:
    contacts, lasted, truth = past(3)
    lasted[80, 10] = 80_000
    assert np.abs(handle_times(DAYS, contacts, lasted, 7).mean_s / truth[:7] - 1).mean() < 0.04


def test_few_contacts_claim_no_pattern() -> None:
    contacts, lasted = np.zeros((84, 48)), np.full((84, 48), np.nan)
    contacts[80, 20], lasted[80, 20] = 1, 900
    made = handle_times(DAYS, contacts, lasted, 7)
    assert np.abs(made.mean_s / 900 - 1).max() < 0.05


def test_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(BadInput):
        handle_times(DAYS, np.zeros((84, 48)), np.full((84, 48), np.nan))
    with pytest.raises(BadInput):
        handle_times(DAYS, np.zeros((84, 48)), np.zeros((84, 24)))
