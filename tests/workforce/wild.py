"""Offices of any kind: any interval, any day that a week begins with, nights, leave, fixed shifts, all at once."""

import msgspec
import numpy as np

from app.workforce.crew import Absence, Choice, Pauses, Person, Template, Week, Windows
from app.workforce.errors import BadInput
from app.workforce.labour import CR, MX, Labour, check_shift

SKILLS = ("a", "b", "c", "d")


def wild(seed: int, seconds: float = 0.1) -> Week:
    rng = np.random.default_rng(seed)
    interval = int(rng.choice((15, 30, 30, 60)))
    labour = _labour(rng)
    shifts = _templates(rng, interval, labour)
    skills = SKILLS[: int(rng.integers(1, 5))]
    people = tuple(_person(rng, 10 + i, shifts, skills) for i in range(int(rng.integers(1, 10))))
    if rng.random() < 0.5:
        people = (_with_fixed(rng, people[0], shifts), *people[1:])
    level = len(people) * float(rng.uniform(0.1, 0.5)) / len(skills)
    need = {skill: tuple(rng.poisson(level, 7 * 1440 // interval).tolist()) for skill in skills}
    return Week(
        need, people, shifts, labour, weekday=int(rng.integers(7)), interval=interval, seconds=seconds, seed=seed
    )


def _labour(rng: np.random.Generator) -> Labour:
    """A pack, or somebody's own copy of it."""
    pack = (CR, MX)[int(rng.integers(2))]
    if rng.random() < 0.5:
        return pack
    rest, run, times = int(rng.integers(8, 17)) * 60, int(rng.integers(2, 8)), int(rng.integers(0, 4))
    return msgspec.structs.replace(pack, rest_between=rest, run_days=run, overtime_days=times)


def _templates(rng: np.random.Generator, step: int, labour: Labour) -> tuple[Template, ...]:
    found: list[Template] = []
    while len(found) < rng.integers(2, 9):
        start, length = (int(rng.integers(n)) * step for n in (1440 // step, 720 // step + 1))
        meal = max(step, int(rng.choice((30, 60))))
        places = range(step, max(length - meal, step), step)
        meals = tuple(sorted(rng.choice(places, min(len(places), 3), replace=False).tolist())) if len(places) else ()
        one = Template(f"T{len(found)}", start, length, meals if length > 300 else (), meal, _pauses(rng))
        if length >= 2 * 60 and _lawful(labour, one):
            found.append(one)
    return tuple(found)


def _pauses(rng: np.random.Generator) -> Pauses:
    return Pauses(int(rng.choice((0, 120, 240))), int(rng.choice((10, 15, 20))), int(rng.choice((15, 45))))


def _lawful(labour: Labour, one: Template) -> bool:
    eaten = one.meal if one.meals else 0
    try:
        check_shift(labour, one.start, one.start + one.length, one.length - eaten)
    except BadInput:
        return False
    return 2880 + 0 - one.start - one.length >= labour.rest_between


def _person(rng: np.random.Generator, number: int, shifts: tuple[Template, ...], skills: tuple[str, ...]) -> Person:
    can = tuple(skill for skill in skills if rng.random() < 0.6) or skills[:1]
    most = int(rng.integers(0, 13)) * 240
    own = tuple(np.flatnonzero(rng.random(len(shifts)) < 0.7).tolist()) if rng.random() < 0.5 else None
    return Person(
        number, can, least=int(most * rng.random()), most=most,
        available=tuple(_windows(rng) for _ in range(7)) if rng.random() < 0.5 else None,
        days_off=tuple(np.flatnonzero(rng.random(7) < 0.1).tolist()), absences=_absences(rng), templates=own,
        weekend_days=int(rng.integers(3)), dislikes={int(rng.integers(len(shifts))): 2.0},
        wishes={int(rng.integers(7)): 3.0}, late_before=int(rng.integers(4)), weekends_before=int(rng.integers(4)),
        run_before=int(rng.integers(9)), ended_before=int(rng.integers(-600, 2000)),
    )  # fmt: skip


def _windows(rng: np.random.Generator) -> Windows:
    begin = int(rng.integers(0, 1200))
    return ((begin, begin + int(rng.integers(240, 1440))),) if rng.random() < 0.9 else ()


def _absences(rng: np.random.Generator) -> tuple[Absence, ...]:
    if rng.random() < 0.7:
        return ()
    begin = int(rng.integers(-500, 7 * 1440))
    return (Absence(begin, begin + int(rng.integers(1, 2880)), int(rng.choice((0, 240, 480)))),)


def _with_fixed(rng: np.random.Generator, person: Person, shifts: tuple[Template, ...]) -> Person:
    k, day, other = int(rng.integers(len(shifts))), int(rng.integers(7)), int(rng.integers(7))
    choice = Choice(k, int(rng.integers(-1, len(shifts[k].meals))))
    off = tuple(free for free in person.days_off if free != day)
    return msgspec.structs.replace(person, days_off=off, absences=(), fixed={other: None, day: choice})
