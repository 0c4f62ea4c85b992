"""In which steps weekly hours are counted: exactly where that is cheap enough, else rounded up to a few minutes.

A mixed hour of a 42-hour week is 8/7 of an hour of a 48-hour one. Rounded up to the quarter hour, six shifts of five
hours no longer fit into the week that they fill; counted in sevenths of a minute the tables of best_week.py grow.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, gcd, lcm

GRAINS_MIN = (1, 5, 15)
TABLE = 2_000_000  #: people x shifts x shifts x steps of a week: a sweep over all of them in some tenths of a second


def steps(weighed: Sequence[Fraction], most: int, people: int) -> tuple[Fraction, list[int]]:
    """(minutes of a step, steps of each shift), for weeks of at most `most` minutes."""
    for minutes in (weighed, *([_up(one, grain) for one in weighed] for grain in GRAINS_MIN)):
        step = _common(minutes)
        if most / step * people * len(weighed) ** 2 <= TABLE:
            break
    return step, [int(one / step) for one in minutes]


def with_room(most: int, fixed: Sequence[tuple[Fraction, int]], step: Fraction) -> int:
    """The greatest weekly minutes of somebody whose fixed shifts are these (minutes, steps): rounded up they may no
    longer fit where in truth they do, and then they are all that fits."""
    exact, counted = sum(minutes for minutes, _units in fixed), sum(units for _minutes, units in fixed)
    return max(most, ceil(counted * step)) if exact <= most else most


def _up(minutes: Fraction, grain: int) -> Fraction:
    return Fraction(ceil(minutes / grain) * grain)


def _common(minutes: Sequence[Fraction]) -> Fraction:
    """The greatest step of which all are multiples."""
    parts = lcm(*(one.denominator for one in minutes))
    return Fraction(gcd(*(int(one * parts) for one in minutes)), parts)
