"""When somebody can work: windows of a day as they were given, those that touch or overlap as one."""

from app.frame.i18n import _
from app.workforce.crew import Person, Windows
from app.workforce.errors import demand

DAYS = 7


def joined(windows: Windows) -> Windows:
    """Sorted; who can work until noon and from noon on can work through it."""
    found: list[tuple[int, int]] = []
    for begin, end in sorted(windows):
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((begin, end))
    return tuple(found)


def check_windows(person: Person) -> None:
    """Seven days, and no window that ends before it begins: one over midnight ends past 1440."""
    if person.available is None:
        return
    demand(len(person.available) == DAYS, _("La disponibilidad debe cubrir los siete días."), "people")
    sane = all(begin < end for windows in person.available for begin, end in windows)
    demand(
        sane, _("Una disponibilidad debe terminar después de empezar; si pasa la medianoche, termina pasadas las 24."),
        "people",
    )  # fmt: skip
