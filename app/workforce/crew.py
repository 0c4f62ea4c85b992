"""The question of a roster: who can work when, what is needed, what each thing costs."""

import msgspec

from app.workforce.labour import CR, Labour

Windows = tuple[tuple[int, int], ...]  #: minutes of the day, [from, to); past 1440 into the next day


class Pauses(msgspec.Struct, frozen=True):
    """Short breaks, paid: one of `minutes` per `every` minutes of work (0: none), at least `apart` minutes from the
    beginning, the end and the meal."""

    every: int = 240
    minutes: int = 15
    apart: int = 45


class Template(msgspec.Struct, frozen=True):
    """A kind of shift. `meals`: possible beginnings of the unpaid meal, in minutes from the start; none, no meal."""

    name: str
    start: int
    length: int
    meals: tuple[int, ...] = ()
    meal: int = 30
    pauses: Pauses = Pauses()

    @property
    def worked(self) -> int:
        """Minutes without the meal."""
        return self.length - (self.meal if self.meals else 0)


class Absence(msgspec.Struct, frozen=True):
    """Approved, in minutes of the week, [begin, end): no shift touches it. `counted` weekly minutes of the contract
    are taken as given by it (a day of leave), so that nobody works them off."""

    begin: int
    end: int
    counted: int = 0


class Choice(msgspec.Struct, frozen=True):
    """One shift of somebody: index of its template and of its meal (-1: none)."""

    template: int
    meal: int = -1


class Person(msgspec.Struct, frozen=True):
    """Weekly minutes are weighed (labour.py). `run_before` and `ended_before` tell how the week before ended: days
    worked in a row, and minutes from the last end to this week's first midnight, negative where a night runs past it
    (what that night covers is for the caller to take off the need)."""

    id: int
    skills: tuple[str, ...]
    least: int = 0
    most: int = 2880
    available: tuple[Windows, ...] | None = None  #: per day of the horizon; None: always
    days_off: tuple[int, ...] = ()  #: days on which no shift begins
    absences: tuple[Absence, ...] = ()
    templates: tuple[int, ...] | None = None  #: None: all
    weekend_days: int = 2  #: Saturdays and Sundays at most
    dislikes: dict[int, float] = {}  #: template -> cost
    wishes: dict[int, float] = {}  #: day that this person would rather have free -> cost
    late_before: int = 0  #: late shifts lately; the more, the dearer the next
    weekends_before: int = 0
    fixed: dict[int, Choice | None] = {}  #: day -> shift that must be, available or not, or None for none
    run_before: int = 0
    ended_before: int = 10_000


class Prices(msgspec.Struct, frozen=True):
    """What a roster is judged by. A half hour without a person is dearer than eight hours with one too many: cover
    comes first, and somebody with hours left comes in even for one of them."""

    under: float = 20.0  #: one person missing in one interval
    over: float = 1.0  #: one person too many in one interval
    short: float = 20.0  #: eight contracted hours not given
    late: float = 0.3  #: each late shift, times those of before
    weekend: float = 0.3
    change: float = 24.0  #: each shift that differs from the roster to keep: more than one interval is worth


class Week(msgspec.Struct, frozen=True):
    """Seven days from `weekday` (0 is Monday). `need[skill]`: people per interval, days x intervals in one row."""

    need: dict[str, tuple[int, ...]]
    people: tuple[Person, ...]
    templates: tuple[Template, ...]
    labour: Labour = CR
    prices: Prices = Prices()
    weekday: int = 0
    interval: int = 30
    late_from: int = 20 * 60  #: a shift that ends later is late
    keep: dict[int, dict[int, Choice]] | None = None  #: person id -> day -> shift, when re-planning
    seconds: float = 15.0
    seed: int = 0
    since: int = 0  #: days before it are over (a re-plan): what they lacked is neither told nor made good
