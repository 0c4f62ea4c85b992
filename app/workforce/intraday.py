"""The rest of today, once part of it has happened.

The ratio of actual to expected so far is believed only as far as, on past days, such ratios carried over to the rest of
the day: the new rest is expected x (1 + carry x (ratio - 1)). With few past days `carry` is what theory says.
"""

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.frame.i18n import _
from app.workforce.errors import Floats, amounts, demand, readings

DAY_SD, HALF_SD = 0.10, 0.06  #: prior: random deviation of a whole day, and of half a day on its own
SMALLER = 1.5  #: power of the share of a day by which the variance of that part on its own grows as the part shrinks
PRIOR_DAYS = 10.0
LEAST = 1e-6  #: contacts; a plan of fewer is one of none
LIMIT = 3.0  #: a ratio beyond this is taken as this
DOUBTED, CONFIRMED = 2.0, 0.15  #: standard deviations beyond which an early ratio is rather a late log than such a day;
#: the share of a day that makes it twice as believable


class Today(msgspec.Struct, frozen=True):
    """`mean[s]`: what came where it is known, the new expectation where not. `multiplier` applies to the rest."""

    mean: Floats
    multiplier: float
    ratio: float
    carry: float


def reforecast(
    expected: ArrayLike, actual: ArrayLike, past_expected: ArrayLike | None = None, past_actual: ArrayLike | None = None
) -> Today:
    """`expected` and `actual` (slots,), NaN from the slot not yet over; past days (days, slots) to learn from."""
    plan, seen = amounts(expected, "expected"), readings(actual, "actual")
    demand(plan.shape == seen.shape, _("Las listas no tienen el mismo largo."), "actual")
    demand(plan.ndim == 1, _("Se espera una lista simple, no una tabla."), "expected")
    over = ~np.isnan(seen)
    so_far = float(plan[over].sum())
    if so_far <= LEAST or over.all():
        return Today(np.where(over, seen, plan), 1.0, 1.0, 0.0)
    ratio = min(float(seen[over].sum()) / so_far, LIMIT)
    part = _Part(so_far, so_far / float(plan.sum()))
    carry = _carry(part, *_past(past_expected, past_actual, over))
    multiplier = 1 + carry * float(part.believed(np.array([ratio - 1]))[0])
    return Today(np.where(over, seen, plan * multiplier), multiplier, ratio, carry)


class _Part(msgspec.Struct, frozen=True):
    """What is over of a day: the contacts expected in it, and which share of the day's that is."""

    contacts: float
    share: float

    @property
    def noise(self) -> float:
        """Variance of what came beside what was expected, but for the day as a whole: of chance (Poisson), and of the
        part on its own. A quarter of an hour tells less of a day than its morning, be the office as large as it may."""
        return HALF_SD**2 * (0.5 / self.share) ** SMALLER + 1 / self.contacts

    def believed(self, off: Floats) -> Floats:
        """Deviations, those beyond reason early in a day the less the further out: a log that is late, a line that was
        down. Later it is the day."""
        most = DOUBTED * np.sqrt(DAY_SD**2 + self.noise) * (1 + (self.share / CONFIRMED) ** 2)
        return off * np.minimum(1.0, most / np.maximum(np.abs(off), 1e-9)) ** 2


def _past(expected: ArrayLike | None, actual: ArrayLike | None, over: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Deviations of past days: of the part that is over today, and of their rest."""
    if expected is None or actual is None:
        return np.empty(0), np.empty(0)
    plan, came = amounts(expected, "past_expected"), readings(actual, "past_actual")
    if not plan.size and not came.size:
        return np.empty(0), np.empty(0)
    alike = plan.shape == came.shape and plan.shape[1:] == over.shape
    demand(alike, _("Las listas no tienen el mismo largo."), "past_actual")
    known = ~np.isnan(came).any(axis=1) & (plan[:, over].sum(axis=1) > 0) & (plan[:, ~over].sum(axis=1) > 0)
    first, rest = (
        np.minimum(came[known][:, part].sum(axis=1) / plan[known][:, part].sum(axis=1), LIMIT) - 1
        for part in (over, ~over)
    )
    return first, rest


def _carry(part: _Part, first: Floats, rest: Floats) -> float:
    """Regression of the rest on the part so far, leaning on the theory with the weight of PRIOR_DAYS days; 0 to 1."""
    prior = DAY_SD**2 / (DAY_SD**2 + part.noise)
    weight = PRIOR_DAYS * (DAY_SD**2 + part.noise)
    seen = part.believed(first)
    slope = (float(seen @ rest) + prior * weight) / (float(seen @ seen) + weight)
    return min(max(slope, 0.0), 1.0)
