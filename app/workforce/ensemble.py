"""Members together: each is weighed by how it did at the last origins."""

from collections.abc import Callable, Mapping
from functools import partial

import msgspec
import numpy as np

from app.workforce.errors import Floats
from app.workforce.members import Member, Origins, Rest, fresh, line, recent, ridge, smooth, steady

Forecaster = Callable[[int, Origins], Floats]  #: a member that has its data: (horizon, origins) -> (origins, horizon)

MEMBERS: dict[str, Member] = {
    "smooth": smooth,
    "line": line,
    "ridge": ridge,
    "steady": steady,
    "fresh": fresh,
    "recent": recent,
}
TRUST = 6.0  #: weight ~ 1 / error ** TRUST
TRIAL_HALVING = 21.0  #: days until a trial counts half
EVEN = 0.15  #: share of the weight that is dealt evenly
LONG_NEED = 84  #: days; until then the last same weekdays stand in the place of the long views


class Blend(msgspec.Struct, frozen=True):
    """`ahead` (horizon,): the forecast; `weights` of the members; `errors` (trials, horizon): log errors so far."""

    ahead: Floats
    weights: dict[str, float]
    errors: Floats
    trials: Origins


def blend(rest: Rest, horizon: int, others: Mapping[str, Forecaster] | None = None) -> Blend:
    """Forecast the days after `rest`. `others` forecast the same in their own way, once there is a long view."""
    long = len(rest) >= LONG_NEED
    absent = {"recent"} if long else {"ridge", "steady"}
    own: dict[str, Forecaster] = {name: partial(MEMBERS[name], rest) for name in MEMBERS if name not in absent}
    members = own | dict(others or {}) if long else own
    trials, now = _trials(len(rest), horizon), np.array([len(rest)])
    past = np.stack([member(horizon, trials) for member in members.values()])
    truth = _truth(rest.values, trials, horizon)
    weights = _weights(np.abs(past - truth), trials)
    ahead = np.stack([member(horizon, now)[0] for member in members.values()])
    errors = truth - np.tensordot(weights, past, axes=1)
    return Blend(weights @ ahead, dict(zip(members, weights.tolist(), strict=True)), errors, trials)


def _trials(length: int, horizon: int) -> Origins:
    """Origins in the last two months (a third of a short history), of which at least a part has come true."""
    window = min(63, length // 3)
    return np.arange(length - max(window, 2), length, 3 if window > 20 else 1)


def _truth(rest: Floats, origins: Origins, horizon: int) -> Floats:
    padded = np.concatenate((rest, np.full(horizon, np.nan)))
    return padded[origins[:, None] + np.arange(horizon)]


def _weights(errors: Floats, trials: Origins) -> Floats:
    """(members,) from (members, trials, horizon), younger trials and those of which more has come true counting more.
    Each trial's errors count against the mean of the members': a week that none foresaw says nothing of them."""
    known = ~np.isnan(errors[0])
    if not known.any():
        return np.full(len(errors), 1 / len(errors))
    wrong = np.nan_to_num(errors).sum(axis=2)
    relative = wrong / np.maximum(wrong.mean(axis=0), 1e-9)
    worth = 0.5 ** ((trials[-1] - trials) / TRIAL_HALVING) * known.mean(axis=1)
    strength = np.maximum((relative * worth).sum(axis=1) / worth.sum(), 1e-6) ** -TRUST
    return EVEN / len(errors) + (1 - EVEN) * strength / strength.sum()
