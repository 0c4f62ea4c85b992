"""Random but believable offices that need a roster."""

import numpy as np

from app.workforce.crew import Person, Template, Week
from app.workforce.labour import CR, MX

HUMP = np.interp(
    np.arange(48), [0, 13, 16, 20, 24, 28, 32, 36, 39, 40, 47], [0, 0, 0.35, 1, 0.8, 0.95, 1, 0.7, 0.35, 0, 0]
)


def templates() -> tuple[Template, ...]:
    """Eight hours with an unpaid half hour to eat, from 07:00 to 12:30; five hours without; a night."""
    full = [Template(f"T{start // 60}", start, 510, (180, 210, 240, 270, 300)) for start in range(420, 751, 60)]
    part = [Template(f"M{start // 60}", start, 300) for start in range(420, 961, 120)]
    return (*full, *part)


def office(people: int, seed: int, *, tightness: float = 0.87, seconds: float = 5.0, skills: int = 2) -> Week:
    """`tightness`: people-hours needed / people-hours contracted."""
    rng = np.random.default_rng(seed)
    shifts = templates()
    crew = tuple(_person(i, rng, len(shifts), skills) for i in range(people))
    week = np.concatenate([HUMP * share for share in (1.15, 1, 0.95, 0.95, 1, 0.6, 0.4)])
    hours = sum(person.most for person in crew) / 30
    need = week / week.sum() * hours * tightness * (0.94 + 0.12 * rng.random(len(week)))
    rows = {"a": np.round(need * (0.7 if skills > 1 else 1)), "b": np.round(need * 0.3)}
    named = {name: tuple(int(x) for x in row) for name, row in list(rows.items())[:skills]}
    return Week(need=named, people=crew, templates=shifts, labour=MX if seed % 2 else CR, seconds=seconds, seed=seed)


def _person(i: int, rng: np.random.Generator, shifts: int, skills: int) -> Person:
    full = rng.random() < 0.7
    kind = rng.random()
    window = (0, 960) if kind < 0.2 else (600, 1440) if kind < 0.4 else (0, 1440)
    number = int(rng.integers(4, 6))
    most = number * (480 if full else 300)
    allowed = tuple(k for k in range(shifts) if (k < 6) == full)
    off = tuple(int(day) for day in np.flatnonzero(rng.random(7) < 0.12))
    can = ("a", "b") if skills > 1 and rng.random() < 0.4 else ("a",)
    return Person(
        id=100 + i, skills=can, least=most - (480 if full else 300), most=most, available=((window,),) * 7,
        days_off=off, templates=allowed, weekend_days=int(rng.integers(1, 3)), late_before=int(rng.integers(0, 4)),
        run_before=int(rng.integers(0, 4)), ended_before=int(rng.integers(200, 2000)),
    )  # fmt: skip
