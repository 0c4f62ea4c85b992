"""Series to forecast: made offices of known truth, and real ones of your own from data/series/*.csv (columns ds, y)."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from app.workforce.history import History, read
from tests.workforce.offices import Office

OWN = Path("data/series")


def half_hours() -> Iterator[tuple[str, History, str]]:
    """Name, history by half hour, country."""
    for name, office in _offices().items():
        yield name, office.history(office.days), "CR"
    yield from ((name, history, "") for name, history in _own() if history.slots > 1)


def truths() -> dict[str, np.ndarray]:
    """Name -> expected contacts per half hour, for the made series."""
    return {name: office.expected for name, office in _offices().items()}


def daily() -> Iterator[tuple[str, History, str]]:
    """Name, history by day, country."""
    for name, office in _offices().items():
        yield name, office.daily(office.days), "CR"
    yield from ((name, history, "") for name, history in _own() if history.slots == 1)


def _offices() -> dict[str, Office]:
    return {
        "made: big": Office(101, days=420, base=3000),
        "made: six days": Office(102, days=700, base=500, closed=(6,), yearly=0.2),
        "made: small": Office(103, days=420, base=80, drift=0.012),
        "made: jump": Office(104, days=420, base=600, jump=(370, 0.35)),
    }


def many(number: int, seed: int = 1) -> Iterator[Office]:
    """Offices of all kinds; every third one's level jumps within the last four months."""
    rng = np.random.default_rng(seed)
    for i in range(number):
        days = int(rng.choice([250, 330, 420, 700]))
        jump = (days - int(rng.integers(20, 120)), float(rng.choice([-0.4, -0.25, 0.25, 0.35])))
        yield Office(
            1000 * seed + i, days=days, base=float(np.exp(rng.uniform(np.log(40), np.log(3000)))),
            yearly=float(rng.uniform(0, 0.25)), drift=float(rng.choice([0.004, 0.008, 0.012, 0.02])),
            noise=float(rng.choice([0.02, 0.04, 0.08])), closed=((), (6,), (5, 6))[int(rng.integers(3))],
            jump=jump if i % 3 == 0 else (0, 0.0),
        )  # fmt: skip


def _own() -> Iterator[tuple[str, History]]:
    for path in sorted(OWN.glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["y"]]
        yield path.stem, read([row["ds"] for row in rows], [row["y"] for row in rows])


def stamps(history: History) -> np.ndarray:
    """The wall-clock beginning of every slot, (days, slots)."""
    return history.days.astype("datetime64[s]")[:, None] + np.arange(history.slots) * history.interval_s
