"""How errors grow with the size of what was forecast, learnt of the office.

Errors are measured in a unit (conformal.unit) that supposes days five percent off. Where they are more, the busy
intervals' errors are as many units larger, and one width for all would be too narrow for just those that most people
are needed for. So each score is divided by how far those of forecasts of its size reach (locally weighted conformal
inference, Lei and others 2018), and each width multiplied by it.
"""

import msgspec
import numpy as np

from app.workforce.errors import Floats

GROUPS, ENOUGH = 5, 100  #: of equal numbers by size; scores in each, at the least
REACHED = 0.8  #: share of a group's scores that its reach holds
MOST = 2.5  #: times


class Spread(msgspec.Struct, frozen=True):
    """How far errors reach beside those of all sizes: `times` at forecasts of the sizes `means`, rising."""

    means: Floats
    times: Floats

    @classmethod
    def of(cls, means: Floats, scores: Floats) -> "Spread":
        """Both of any shape, alike; NaN where nothing was forecast or is known."""
        known = ~np.isnan(scores) & (means > 0)
        sizes, found = means[known], scores[known]
        if len(found) < GROUPS * ENOUGH:
            return cls(np.ones(1), np.ones(1))
        groups = np.array_split(np.argsort(sizes, kind="stable"), GROUPS)
        reach = np.array([np.quantile(found[group], REACHED) for group in groups])
        whole = max(float(np.quantile(found, REACHED)), 1e-9)
        middles = np.array([np.median(sizes[group]) for group in groups])
        return cls(middles, np.clip(reach / whole, 1 / MOST, MOST))

    def at(self, means: Floats) -> Floats:
        """Between the sizes by the logarithms of both."""
        sizes = np.log(np.maximum(means, self.means[0]))
        return np.asarray(np.exp(np.interp(sizes, np.log(self.means), np.log(self.times))))
