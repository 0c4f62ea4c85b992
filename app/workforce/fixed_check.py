"""Fixed shifts that no roster can hold: whose, on which days, against which rule, and what would help.

Every rule is a limit from above, so the fixed shifts can be kept if and only if they break none by themselves.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from app.frame.i18n import N_, _
from app.workforce.calendar import WEEKDAYS
from app.workforce.crew import Person, Template, Week
from app.workforce.errors import demand
from app.workforce.labour import DAY_MIN, WHOLE_REST, overtime, weighed

Fixed = list[tuple[int, Template]]  #: (day, shift) by day
SENTENCES = {
    "off": N_("%(who)s: %(days)s es su día libre; quite ese turno o el día libre."),
    "leave": N_("%(who)s: %(days)s hay uno durante una ausencia; muévalo o quítelo."),
    "since": N_(
        "%(who)s: %(days)s no quedan %(n)s horas de descanso tras la semana anterior; mueva o quite ese turno."
    ),
    "rest": N_("%(who)s: entre %(days)s no quedan %(n)s horas de descanso; mueva o quite uno de los dos."),
    "run": N_("%(who)s: con %(days)s se pasa el máximo de días seguidos de trabajo (%(n)s); libere uno."),
    "run_before": N_(
        "%(who)s: con %(days)s y la semana anterior se pasa el máximo de días seguidos de trabajo (%(n)s); libere uno."
    ),
    "run_short": N_("%(who)s: con %(days)s no hay un descanso de 24 horas tras %(n)s días de trabajo; libere uno."),
    "hours": N_(
        "%(who)s: con %(days)s se pasan las %(n)s horas semanales del contrato; quite un turno o suba esas horas."
    ),
    "leave_hours": N_(
        "%(who)s: con %(days)s se pasan las %(n)s horas que la ausencia deja del contrato; quite un turno."
    ),
    "weekend": N_("%(who)s: con %(days)s se pasa el máximo de días de fin de semana del contrato (%(n)s); libere uno."),
    "overtime_week": N_(
        "%(who)s: con %(days)s se pasan las %(n)s horas extra a la semana que la ley permite; acorte uno."
    ),
    "overtime": N_("%(who)s: con %(days)s se pasa el máximo legal de días con horas extra (%(n)s); acorte uno."),
}


def check_fixed(week: Week, person: Person) -> None:
    """Raise BadInput that names the first rule that the fixed shifts of this person break."""
    fixed = [(day, week.templates[choice.template]) for day, choice in sorted(person.fixed.items()) if choice]
    for what, days, limit in _broken(week, person, fixed):
        who = _("Los turnos fijos de la persona %(id)s no caben", id=person.id)
        demand(False, _(SENTENCES[what], who=who, days=_named(week, days), n=limit), "people")


def _broken(week: Week, person: Person, fixed: Fixed) -> Iterator[tuple[str, list[int], str]]:
    """(key of SENTENCES, days, limit) of each rule that is broken."""
    yield from _own_days(week, person, fixed)
    yield from _rests(week, person, fixed)
    yield from _runs(week, person, fixed)
    yield from _sums(week, person, fixed)


def _own_days(week: Week, person: Person, fixed: Fixed) -> Iterator[tuple[str, list[int], str]]:
    for day, template in fixed:
        begin = day * DAY_MIN + template.start
        if day in person.days_off:
            yield "off", [day], ""
        if any(begin < absence.end and absence.begin < begin + template.length for absence in person.absences):
            yield "leave", [day], ""


def _rests(week: Week, person: Person, fixed: Fixed) -> Iterator[tuple[str, list[int], str]]:
    rest = week.labour.rest_between
    for day, template in fixed:
        if day * DAY_MIN + template.start + person.ended_before < rest:
            yield "since", [day], _hours(rest)
    for (day, first), (after, second) in pairwise(fixed):
        if (after - day) * DAY_MIN + second.start - first.start - first.length < rest:
            yield "rest", [day, after], _hours(rest)


def _runs(week: Week, person: Person, fixed: Fixed) -> Iterator[tuple[str, list[int], str]]:
    """A free day of less than WHOLE_REST between two of them is no day of rest (day_of_rest.py)."""
    most, run, before, short = week.labour.run_days, list[int](), person.run_before, False
    last, end = -1, -person.ended_before
    for day, template in fixed:
        begin, free = day * DAY_MIN + template.start, day > last + 1
        if free and begin - end >= WHOLE_REST:
            run, before, short = [], 0, False
        short = short or (free and bool(run or before))
        run.append(day)
        last, end = day, begin + template.length
        if len(run) + before > most:
            yield "run_short" if short else "run_before" if before else "run", list(run), str(most)


def _sums(week: Week, person: Person, fixed: Fixed) -> Iterator[tuple[str, list[int], str]]:
    days = [day for day, _template in fixed]
    spent, leave = _weighed(week, fixed), sum(absence.counted for absence in person.absences)
    if spent > person.most:
        yield "hours", days, _hours(person.most)
    if spent > max(0, person.most - leave):
        yield "leave_hours", days, _hours(max(0, person.most - leave))
    weekends = [day for day in days if (day + week.weekday) % 7 >= 5]
    if len(weekends) > person.weekend_days:
        yield "weekend", weekends, str(person.weekend_days)
    beyond = {day: overtime(week.labour, *_span(template)) for day, template in fixed}
    long = [day for day, minutes in beyond.items() if minutes]
    if len(long) > week.labour.overtime_days:
        yield "overtime", long, str(week.labour.overtime_days)
    if sum(beyond.values()) > week.labour.overtime_week:
        yield "overtime_week", long, _hours(week.labour.overtime_week)


def _weighed(week: Week, fixed: Fixed) -> Fraction:
    return sum((weighed(week.labour, *_span(template)) for _day, template in fixed), Fraction(0))


def _span(template: Template) -> tuple[int, int, int]:
    """Beginning, end, minutes of work."""
    return template.start, template.start + template.length, template.worked


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.4g}"


def _named(week: Week, days: list[int]) -> str:
    """The weekdays: el lunes, el martes y el miércoles."""
    names = [_("el %(day)s", day=_(WEEKDAYS[(day + week.weekday) % 7])) for day in days]
    if len(names) == 1:
        return names[0]
    return _("%(first)s y %(last)s", first=", ".join(names[:-1]), last=names[-1])
