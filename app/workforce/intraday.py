"""The rest of today, once part of it has happened.

The ratio of actual to expected so far is believed only as far as, on past days, such ratios carried over to the rest of
the day: the new rest is expected x (1 + carry x (ratio - 1)). With few past days `carry` is what theory says.
"""

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.frame.i18n import _
from app.workforce.errors import Floats, amounts, demand, readings

DAY_SD, PART_SD = 0.10, 0.06  #: prior: random deviation of a whole day, and of a part of it on its own
PRIOR_DAYS = 10.0
LIMIT = 3.0  #: a ratio beyond this is taken as this


class Today(msgspec.Struct, frozen=True):
    """`mean[s]`: what came where it is known, the new expectation where not. `multiplier` applies to the rest."""

    mean: Floats
    multiplier: float
    ratio: float
    carry: float


def reforecast(
    expected: ArrayLike, actual: ArrayLike, past_expected: Floats | None = None, past_actual: Floats | None = None
) -> Today:
    """`expected` and `actual` (slots,), NaN from the slot not yet over; past days (days, slots) to learn from."""
    plan, seen = amounts(expected, "expected"), readings(actual, "actual")
    demand(plan.shape == seen.shape, _("Las listas no tienen el mismo largo."), "actual")
    demand(plan.ndim == 1, _("Se espera una lista simple, no una tabla."), "expected")
    over = ~np.isnan(seen)
    so_far = float(plan[over].sum())
    if so_far <= 0 or over.all():
        return Today(np.where(over, seen, plan), 1.0, 1.0, 0.0)
    ratio = min(float(seen[over].sum()) / so_far, LIMIT)
    carry = _carry(so_far, *_past(past_expected, past_actual, over))
    multiplier = 1 + carry * (ratio - 1)
    return Today(np.where(over, seen, plan * multiplier), multiplier, ratio, carry)


def _past(expected: Floats | None, actual: Floats | None, over: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Deviations of past days: of the part that is over today, and of their rest."""
    if expected is None or actual is None or not len(expected):
        return np.empty(0), np.empty(0)
    plan, came = amounts(expected, "past_expected"), readings(actual, "past_actual")
    alike = plan.shape == came.shape and plan.shape[1:] == over.shape
    demand(alike, _("Las listas no tienen el mismo largo."), "past_actual")
    known = ~np.isnan(came).any(axis=1) & (plan[:, over].sum(axis=1) > 0) & (plan[:, ~over].sum(axis=1) > 0)
    first, rest = (
        np.minimum(came[known][:, part].sum(axis=1) / plan[known][:, part].sum(axis=1), LIMIT) - 1
        for part in (over, ~over)
    )
    return first, rest


def _carry(so_far: float, first: Floats, rest: Floats) -> float:
    """Regression of the rest on the part so far, leaning on the theory with the weight of PRIOR_DAYS days; 0 to 1."""
    noise = PART_SD**2 + 1 / so_far
    prior = DAY_SD**2 / (DAY_SD**2 + noise)
    weight = PRIOR_DAYS * (DAY_SD**2 + noise)
    slope = (float(first @ rest) + prior * weight) / (float(first @ first) + weight)
    return min(max(slope, 0.0), 1.0)
