"""Ours, Prophet and "as a week ago" at the same origins, and what they cost."""

import time
from dataclasses import dataclass, field
from statistics import NormalDist

import msgspec
import numpy as np

from app.workforce.calendar import Setting
from app.workforce.demand import Stored, forecast
from app.workforce.history import History
from app.workforce.profile import totals
from tests.benchmarks.workforce import prophet_peer

STORED = 8  #: forecasts made before coverage counts
YEAR = 52  #: weekly origins over which coverage is judged, as far as the series reaches
FIRST = 120  #: days known at the first of them


@dataclass
class Score:
    """Sums over origins. Coverage counts only origins whose intervals rest on eight stored forecasts."""

    ours: float = 0.0
    prophet: float = 0.0
    naive: float = 0.0
    chance: float = 0.0  #: what the error of one who knew the truth behind a made series would be; 0 if nobody does
    came: float = 0.0
    ours_s: float = 0.0
    prophet_s: float = 0.0
    variants: dict[str, float] = field(default_factory=dict)  #: of Prophet, on daily series
    inside: dict[float, list[float]] = field(default_factory=lambda: {0.8: [], 0.95: []})


def part(history: History, begin: int, end: int) -> History:
    return msgspec.structs.replace(history, days=history.days[begin:end], counts=history.counts[begin:end])


def contest(
    history: History,
    country: str,
    days: int,
    origins: int,
    step: int,
    truth: np.ndarray | None = None,
    *,
    peer: bool = True,
) -> Score:
    score, stored = Score(), list[Stored]()
    for cut in (len(history.days) - days - step * back for back in range(origins - 1, -1, -1)):
        if np.isnan(history.counts[cut : cut + days]).all():
            continue
        _one(score, history, Setting(history.timezone, country), cut, days, stored)
        if peer and prophet_peer.installed():
            _peer(score, history, country, cut, days)
        if truth is not None:
            score.chance += np.nansum(np.abs(history.counts[cut : cut + days] - truth[cut : cut + days]))
    return score


def year_inside(history: History, country: str, days: int) -> dict[float, list[float]]:
    """Per level the share inside at each weekly origin of the last year, after STORED earlier ones: the errors of a few
    weeks go together, and a dozen of them say little of how often intervals hold."""
    origins = min(STORED + YEAR, max((len(history.days) - days - FIRST) // 7, 0))
    return contest(history, country, days, origins, 7, peer=False).inside


def _one(score: Score, history: History, setting: Setting, cut: int, days: int, stored: list[Stored]) -> None:
    truth = history.counts[cut : cut + days]
    known = ~np.isnan(truth)
    begun = time.perf_counter()
    made = forecast(part(history, 0, cut), setting, days, stored)
    score.ours_s += time.perf_counter() - begun
    score.ours += np.abs(truth - made.mean)[known].sum()
    score.naive += np.abs(truth - np.nan_to_num(history.counts[cut - 7 + np.arange(days) % 7]))[known].sum()
    score.came += truth[known].sum()
    if len(stored) >= STORED:
        for level, hits in score.inside.items():
            low, high = made.bands[level]
            hits.append(float(((truth >= low) & (truth <= high))[known & (made.mean > 0)].mean()))
    stored.append(made.stored())


def _peer(score: Score, history: History, country: str, cut: int, days: int) -> None:
    truth = history.counts[cut : cut + days]
    known = ~np.isnan(truth)
    begun = time.perf_counter()
    wrong = np.abs(truth - prophet_peer.ahead(history, cut, days, known))[known].sum()
    score.prophet_s += time.perf_counter() - begun
    score.prophet += wrong
    if history.slots > 1:
        return
    score.variants["default"] = score.variants.get("default", 0.0) + wrong
    for name in prophet_peer.VARIANTS:
        made = prophet_peer.ahead(history, cut, days, known, name, country)
        score.variants[name] = score.variants.get(name, 0.0) + np.abs(truth - made)[known].sum()


def held(history: History, expected: np.ndarray, noise: float, days: int, origins: int) -> dict[float, float]:
    """What the intervals of one who knows the truth behind a made series (`expected` alike `history.counts`, and the
    `noise` of whole days) would hold at the origins that coverage counts: 80 and 95 % but for chance."""
    far = np.abs(history.counts - expected) / np.sqrt(expected + (noise * expected) ** 2 + 1e-9)
    cuts = [len(history.days) - days - 7 * back for back in range(origins - STORED)]
    parts = [far[cut : cut + days][expected[cut : cut + days] > 0] for cut in cuts]
    times = {level: NormalDist().inv_cdf((1 + level) / 2) for level in (0.8, 0.95)}
    return {level: float(np.mean([(part <= z).mean() for part in parts])) for level, z in times.items()}


def cold(history: History, country: str, weeks: int = 12) -> Score:
    """Seven days known, the next seven forecast."""
    score, setting = Score(), Setting(history.timezone, country)
    full = totals(history.counts, history.days)[:, None]
    whole = History(history.days, full, 86_400, history.timezone)
    for begin in range(20, 20 + 9 * weeks, 9):
        truth = full[begin + 7 : begin + 14]
        week = part(whole, begin, begin + 14)
        score.ours += np.nansum(np.abs(truth - forecast(part(week, 0, 7), setting, 7).mean))
        score.naive += np.nansum(np.abs(truth - np.nan_to_num(full[begin : begin + 7])))
        if prophet_peer.installed():
            score.prophet += np.nansum(np.abs(truth - prophet_peer.ahead(week, 7, 7, ~np.isnan(truth))))
    return score
