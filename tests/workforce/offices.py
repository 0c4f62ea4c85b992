"""Believable offices with a known truth: calls per half hour with weekday, season, holiday, drift and chance."""

from dataclasses import dataclass, field
from datetime import date

import holidays
import numpy as np

from app.workforce.history import History

WEEK = np.array([1.25, 1.08, 1.0, 0.97, 1.02, 0.6, 0.4])
_HOURS = [0, 14, 16, 20, 24, 28, 32, 36, 40, 44, 47]
_HUMP = [0, 0, 0.3, 1, 0.85, 0.95, 1, 0.6, 0.3, 0.1, 0]


@dataclass
class Office:
    """`expected` is the truth that a perfect forecaster would know; `counts` is what came."""

    seed: int
    days: int = 400
    base: float = 400.0
    closed: tuple[int, ...] = ()
    yearly: float = 0.1
    drift: float = 0.008
    noise: float = 0.04
    holiday: float = 0.5
    start: str = "2024-01-01"
    jump: tuple[int, float] = (0, 0.0)
    dates: np.ndarray = field(init=False)
    totals: np.ndarray = field(init=False)
    expected: np.ndarray = field(init=False)
    counts: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        self.dates = np.datetime64(self.start) + np.arange(self.days)
        weekday = (self.dates.astype(np.int64) + 3) % 7
        self.totals = np.exp(self._log_level(rng)) * WEEK[weekday] * ~np.isin(weekday, self.closed)
        self.expected = self.totals[:, None] * self._shapes(weekday)
        self.counts = rng.poisson(self.expected * np.exp(rng.normal(0, self.noise, (self.days, 1)))).astype(float)

    def _log_level(self, rng: np.random.Generator) -> np.ndarray:
        t = np.arange(self.days)
        level = np.log(self.base) + self.yearly * np.sin(2 * np.pi * t / 365.25 + self.seed)
        level += np.cumsum(rng.normal(0, self.drift, self.days))
        level[self.jump[0] :] += self.jump[1]
        public = holidays.country_holidays("CR", years=range(2023, 2028))
        feast = np.array([date.fromisoformat(str(day)) in public for day in self.dates])
        return level + np.log(self.holiday) * feast

    def _shapes(self, weekday: np.ndarray) -> np.ndarray:
        shape = np.interp(np.arange(48), _HOURS, _HUMP)
        rows = np.stack([shape ** (1 + 0.12 * (day % 3)) * (1 if day < 5 else np.arange(48) < 34) for day in weekday])
        return rows / rows.sum(axis=1, keepdims=True)

    def history(self, known: int, timezone: str = "America/Costa_Rica") -> History:
        return History(self.dates[:known], self.counts[:known], 1800, timezone)

    def daily(self, known: int) -> History:
        return History(self.dates[:known], self.counts[:known].sum(axis=1)[:, None], 86_400, "America/Costa_Rica")


def wape(truth: np.ndarray, mean: np.ndarray) -> float:
    known = ~np.isnan(truth)
    return float(np.abs(truth - mean)[known].sum() / truth[known].sum())
