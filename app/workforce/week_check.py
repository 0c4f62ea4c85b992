"""What makes no sense in the question of a roster is refused with its field, before anything is searched."""

import math
from collections.abc import Iterable, Mapping

import msgspec
import numpy as np

from app.frame.i18n import _
from app.workforce.crew import Choice, Person, Template, Week
from app.workforce.errors import demand
from app.workforce.fixed_check import check_fixed
from app.workforce.labour import DAY_MIN, check_labour, check_shift
from app.workforce.windows import DAYS, check_windows

MAX_SKILLS = 4
DEAREST = 1e6  #: of any price: beyond it the solver's figures are no longer exact


def check_week(week: Week) -> None:
    """Raise BadInput that names the field of the first thing that makes no sense."""
    demand(bool(week.people), _("No hay personas para el rol."), "people")
    demand(bool(week.templates), _("No hay turnos entre los cuales elegir."), "templates")
    demand(week.interval in (15, 30, 60), _("El rol se hace por 15, 30 o 60 minutos."), "interval")
    demand(0 < len(week.need) <= MAX_SKILLS, _("Un rol lleva entre una y cuatro habilidades."), "need")
    length = DAYS * DAY_MIN // week.interval
    fits = all(len(row) == length and min(row) >= 0 for row in week.need.values())
    demand(fits, _("La necesidad debe cubrir los siete días y no ser negativa."), "need")
    demand(
        len({person.id for person in week.people}) == len(week.people), _("Una persona aparece dos veces."), "people"
    )
    check_labour(week.labour)
    longest = week.labour.longest_week["day"] + week.labour.overtime_week
    legal = all(0 <= person.least <= person.most <= longest for person in week.people)
    demand(legal, _("Las horas de un contrato no caben en la semana legal."), "people")
    demand(0 <= week.weekday < DAYS, _("El día con que empieza la semana va de 0 (lunes) a 6."), "weekday")
    demand(week.seed >= 0, _("Un valor no puede ser negativo."), "seed")
    timed = math.isfinite(week.seconds) and week.seconds >= 0
    demand(timed, _("El tiempo de búsqueda es de cero segundos o más, y tiene fin."), "seconds")
    _check_prices(msgspec.structs.astuple(week.prices), "prices")
    for template in week.templates:
        _check_template(week, template)
    soonest = 2 * DAY_MIN + min(t.start for t in week.templates) - max(t.start + t.length for t in week.templates)
    demand(soonest >= week.labour.rest_between, _("El descanso entre turnos no cabe entre dos días."), "labour")
    for person in week.people:
        _check_person(week, person)
    for kept in (week.keep or {}).values():
        _check_choices(week, kept)


def _check_prices(prices: Iterable[float], field: str) -> None:
    dear = np.array([*prices], float)
    demand(bool((np.isfinite(dear) & (dear >= 0)).all()), _("Un precio no puede ser negativo."), field)
    demand(bool((dear <= DEAREST).all()), _("Un precio no puede pasar de un millón."), field)


def _check_person(week: Week, person: Person) -> None:
    """Days and shifts that there are, and none that contradicts another."""
    before = person.run_before, person.late_before, person.weekends_before, person.weekend_days
    demand(min(before) >= 0, _("Un valor no puede ser negativo."), "people")
    demand(person.ended_before >= -DAY_MIN, _("El último turno termina después del primer día."), "people")
    _check_prices((*person.dislikes.values(), *person.wishes.values()), "people")
    demand(all(0 <= day < DAYS for day in person.wishes), _("Un día libre no cae en la semana."), "people")
    sane = all(absence.begin < absence.end and absence.counted >= 0 for absence in person.absences)
    demand(sane, _("Una ausencia debe terminar después de empezar."), "people")
    demand(all(0 <= day < DAYS for day in person.days_off), _("Un día libre no cae en la semana."), "people")
    named = (*(person.templates or ()), *person.dislikes)
    demand(all(0 <= k < len(week.templates) for k in named), _("Se nombra un turno que no existe."), "people")
    check_windows(person)
    _check_choices(week, person.fixed)
    check_fixed(week, person)


def _check_choices(week: Week, chosen: Mapping[int, Choice | None]) -> None:
    for day, choice in chosen.items():
        demand(0 <= day < DAYS, _("Un turno fijo no cae en la semana."), "people")
        if choice is not None:
            known = 0 <= choice.template < len(week.templates)
            demand(known, _("Se nombra un turno que no existe."), "people")
            meals = len(week.templates[choice.template].meals)
            demand(-1 <= choice.meal < max(meals, 1), _("Se nombra una comida que el turno no tiene."), "people")


def _check_template(week: Week, template: Template) -> None:
    numbers = (template.start, template.length, *((*template.meals, template.meal) if template.meals else ()))
    aligned = all(number % week.interval == 0 for number in numbers)
    demand(aligned, _("Turnos y comidas deben caer en los intervalos del rol."), "templates")
    sane = 0 <= template.start < DAY_MIN and 0 < template.length <= DAY_MIN
    inside = all(meal > 0 and meal + template.meal < template.length for meal in template.meals)
    demand(sane and inside, _("Un turno o su comida no caben en el día."), "templates")
    pauses = template.pauses
    paused = min(pauses.every, pauses.apart) >= 0 and pauses.minutes > 0
    demand(paused, _("Una pausa dura más de cero minutos, y ninguno de sus plazos es negativo."), "templates")
    check_shift(week.labour, template.start, template.start + template.length, template.worked)
