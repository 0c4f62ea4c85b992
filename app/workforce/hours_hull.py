"""Contracted hours as whole shifts: what a week can hold, said so that half shifts gain nothing.

A late shift weighs more of the legal week than an early one, so "weighed hours at most so many" lets the linear
relaxation work 4.3 late shifts where a person can work four. The corners of the whole numbers (light shifts, heavy
shifts) that fit say it exactly; without them the bound promises cover that no roster gives, and the search that leans
on the relaxation looks in the wrong place.
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from app.workforce.week_table import DAYS

Corner = tuple[int, int]  #: (heavy shifts, light shifts)
Cut = tuple[tuple[int, ...], int]  #: factor per kind of shift, and what their sum may be at most


@cache
def cuts(weights: tuple[int, ...], most: int) -> tuple[Cut, ...]:
    """For kinds of shifts of these weights, rising: what any whole numbers of them, one a day, with a total of `most`
    keep. Each split into lighter and heavier kinds counts a kind as the lightest of its side, so that nothing possible
    is lost."""
    if not weights:
        return ()
    plain: Cut = ((1,) * len(weights), min(DAYS, most // weights[0]))
    return (plain, *(cut for split in range(1, len(weights)) for cut in _split(weights, split, most)))


def _split(weights: Sequence[int], split: int, most: int) -> list[Cut]:
    corners = _corners(weights[0], weights[split], most)
    sides = split, len(weights) - split
    found: list[Cut] = [((0,) * sides[0] + (1,) * sides[1], corners[-1][0])]
    for (heavy, light), (more, fewer) in pairwise(corners):
        factors = more - heavy, light - fewer
        found.append(((factors[0],) * sides[0] + (factors[1],) * sides[1], factors[0] * light + factors[1] * heavy))
    return found


def _corners(light: int, heavy: int, most: int) -> list[Corner]:
    """The upper hull of (heavy shifts, most light ones beside them), from no heavy shift to the most there can be."""
    hull: list[Corner] = []
    for number in range(min(DAYS, most // heavy) + 1):
        corner = number, min(DAYS - number, (most - number * heavy) // light)
        while len(hull) > 1 and _under(hull[-2], hull[-1], corner):
            hull.pop()
        hull.append(corner)
    return hull


def _under(a: Corner, b: Corner, c: Corner) -> bool:
    """Whether b is on or under the line from a to c."""
    return (b[1] - a[1]) * (c[0] - a[0]) <= (c[1] - a[1]) * (b[0] - a[0])
