"""How far out past errors reached: weighted quantiles of scores, as they stood on the morning of any day."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.workforce.errors import Floats

Ints = NDArray[np.int64]
HALVING = 14.0  #: days until an error counts half
NORMAL = {0.8: 1.2816, 0.95: 1.96}
BULK = 0.8  #: the level that steadies those further out
FAR_TAIL = 0.9  #: levels from here on are steadied by the bulk
OUTERMOST = 0.995
LEAST = 3  #: scores of which quantiles are taken; of fewer, twice the greatest


class Tail(msgspec.Struct, frozen=True):
    """The known scores of some days ahead, rising, each with its origin and its day; `firsts` of all origins. Sorted
    once, for it is asked for every week of a year."""

    values: Floats
    origins: Ints
    days: Ints
    firsts: Ints

    @classmethod
    def of(cls, past: Floats, firsts: Ints, leads: range) -> "Tail":
        """`past` is (origins, horizon, ...) of scores, NaN where unknown; of these the `leads`."""
        scores = past[:, leads.start : leads.stop]
        known = np.flatnonzero(~np.isnan(scores))
        order = known[np.argsort(scores.ravel()[known])]
        origins, lead = np.unravel_index(order, scores.shape)[:2]
        return cls(scores.ravel()[order], origins, firsts[origins] + lead + leads.start, firsts)

    def at(self, levels: tuple[float, ...], origins: int, now: int) -> dict[float, float]:
        """Quantile per level of the scores of the first `origins` origins that were known on the morning of day `now`:
        younger origins count more, and a level is read further out the fewer weeks there are, for the errors of one
        week go together. The far tail is steadied by the bulk."""
        then = (self.origins < origins) & (self.days < now)
        values, owners = self.values[then], self.origins[then]
        if len(values) < LEAST:
            return dict.fromkeys(levels, 2 * float(values[-1]) if len(values) else np.inf)
        age = self.firsts[origins - 1] - self.firsts[:origins]
        worth = 0.5 ** (age / HALVING)
        seen = np.bincount(owners, minlength=origins) > 0
        share = _of_one_week(np.asarray(np.bincount(age // 7, worth * seen), np.float64))
        reached = np.cumsum(worth[owners])
        bulk = _read(values, reached, BULK + (1 - BULK) * share)
        found = {level: _read(values, reached, level + (1 - level) * share) for level in levels}
        return {level: plain if level < FAR_TAIL else _steadied(plain, bulk * NORMAL[level] / NORMAL[BULK])
                for level, plain in found.items()}  # fmt: skip


def _of_one_week(seen: Floats) -> float:
    """Of what is known by weeks, the share that one of so many alike would have."""
    return float((seen**2).sum() / seen.sum() ** 2)


def _steadied(plain: float, by_bulk: float) -> float:
    return max(plain, 0.5 * (plain + by_bulk))


def _read(values: Floats, reached: Floats, level: float) -> float:
    place = np.searchsorted(reached, min(level, OUTERMOST) * reached[-1])
    return float(values[min(int(place), len(values) - 1)])
