"""How far the years agree on a season: one year's lockdown or boom is no season of the next.

Each year has its own view of every four weeks of it, beside its own level. What the views have in common, against how
they differ, is how sure the season is (analysis of variance of two ways, with holes).
"""

import numpy as np

from app.workforce.errors import Floats

YEAR = 364
PART = 28  #: days of a part of the year
ENOUGH = 10  #: known days of a part, until a year has a view of it
TWICE = 10  #: parts seen twice, of thirteen, until they tell of the whole year
ROUNDS = 8  #: of levels and parts in turn; few holes, so they settle soon


def agreed(seen: Floats) -> float:
    """Share of the season to believe, 0 to 1: all of it until most of the year was seen twice and clearly differs.
    `seen` (days of history, NaN where unknown): log totals without all effects but the season's."""
    views = _views(seen)
    views = views[:, (~np.isnan(views)).sum(axis=0) >= 2]
    if views.shape[1] < TWICE:
        return 1.0
    views = views[(~np.isnan(views)).any(axis=1)]
    common, apart = _in_common(views)
    times = (~np.isnan(views)).sum(axis=0)
    free = max(int(times.sum()) - sum(views.shape) + 1, 1)
    chance = float(np.nansum(apart**2)) / free * float((1 / times).mean())
    return 1.0 - min(1.0, chance / max(float((common**2).mean()), 1e-12)) ** 2


def _views(seen: Floats) -> Floats:
    """(years, parts): mean of each part in each year, both counted back from the end; NaN where too little is known."""
    back = np.arange(len(seen))[::-1]
    shape = -(-len(seen) // YEAR), YEAR // PART
    known = ~np.isnan(seen)
    place = np.ravel_multi_index((back[known] // YEAR, back[known] % YEAR // PART), shape)
    sums, days = (np.bincount(place, of, shape[0] * shape[1]).reshape(shape) for of in (seen[known], None))
    return np.where(days >= ENOUGH, sums / np.maximum(days, 1), np.nan)


def _in_common(views: Floats) -> tuple[Floats, Floats]:
    """What each part differs from the level of its year, in the mean of the years; and what is left of every view."""
    common = np.zeros(views.shape[1])
    level = np.zeros(views.shape[0])
    for _round in range(ROUNDS):
        level = np.nanmean(views - common, axis=1)
        common = np.nanmean(views - level[:, None], axis=0)
        common -= common.mean()
    return common, views - level[:, None] - common
