"""The same model in plain counts, beside the one in logarithms: weekdays and seasons that add instead of multiply.

At one office December takes half of any day, at another it leaves the quiet Sunday as it is; and to logarithms a busy
Sunday at an office that is quiet on Sundays is as much news as a Monday twice as busy. Nothing tells beforehand which
view is nearer to an office, so some members forecast in this one too, and are weighed with the others. Days with a name
(holidays, campaigns) are left to the logarithms: half a day is half of any day.
"""

import numpy as np

from app.workforce.bursts import within_reach
from app.workforce.calendar import Bools
from app.workforce.daylevel import Level, fit_plain
from app.workforce.effects import Effects
from app.workforce.ensemble import Forecaster
from app.workforce.errors import Floats
from app.workforce.members import Member, Origins, Rest, alike, line, ridge, smooth

MEMBERS: dict[str, Member] = {"line": line, "smooth": smooth, "ridge": ridge}
LATELY = 180  #: days of which a usual one is the median
EVENT = 0.35  #: usual days' contacts more or less than lately, beyond which a day is one that ends
LEAST = 0.02  #: share of a usual day below which no forecast goes, for its logarithm is taken
NAMED = ("holiday", "special")  #: groups of effects


def forecasters(logs: Floats, effects: Effects, level: Level) -> dict[str, Forecaster]:
    """Members by name, each forecasting what is left of `logs` (log totals without their wild days, NaN where unknown)
    beneath the calendar of `level`, the view in logarithms."""
    named = np.array([group in NAMED for group, _name in effects.columns])
    plain = Effects(effects.matrix[:, ~named], _of(effects.columns, ~named), effects.unusual)
    ordinary = ~effects.matrix[: len(logs), named].any(axis=1)
    counts = np.where(ordinary, np.expm1(logs), np.nan)
    usual = _usual(counts[-LATELY:])
    if usual <= 0:
        return {}
    added = fit_plain(counts / usual, plain, usual)
    rest = alike(within_reach(added.rest, EVENT))
    other = plain.matrix @ level.coefficients[~named]
    return {f"{name}+": _in_logs(member, rest, usual, added.calendar, other) for name, member in MEMBERS.items()}


def _of(columns: tuple[tuple[str, str], ...], chosen: Bools) -> tuple[tuple[str, str], ...]:
    return tuple(column for column, wanted in zip(columns, chosen, strict=True) if wanted)


def _usual(counts: Floats) -> float:
    return 0.0 if np.isnan(counts).all() else float(np.nanmedian(counts))


def _in_logs(member: Member, rest: Rest, usual: float, calendar: Floats, other: Floats) -> Forecaster:
    """`calendar` in shares of a usual day, the `other` in logs, both over all days."""

    def ahead(horizon: int, origins: Origins) -> Floats:
        days = np.minimum(origins[:, None] + np.arange(horizon), len(calendar) - 1)
        shares = member(rest, horizon, origins) + calendar[days]
        return np.asarray(np.log1p(usual * np.maximum(shares, LEAST)) - other[days])

    return ahead
