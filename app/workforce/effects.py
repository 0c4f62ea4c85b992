"""The columns of the day regression: weekday, seasons, payday, holiday, eve, the days after, campaigns."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.frame.i18n import N_
from app.workforce.calendar import WEEKDAYS, Bools, Column, Days, Setting, holiday_names, weekdays
from app.workforce.errors import Floats
from app.workforce.seasons import seasons


class Effects(msgspec.Struct, frozen=True):
    """The regression's columns for each day, (days, columns), and what each column is: (group, name). `unusual` days (a
    holiday, the two after it, a campaign) say little about the level of the others."""

    matrix: Floats
    columns: tuple[tuple[str, str], ...]
    unusual: Bools


def effects(days: Days, setting: Setting, known: int, off: Bools, closed: Bools) -> Effects:
    """Columns for all days; names seen twice in the first `known` (history) days get a column. `closed` are
    the days without work, `off` those of them that are not so every week."""
    names = holiday_names(days, setting.country)
    own = {np.datetime64(special.day): special.name for special in setting.specials}
    campaign = [own.get(day, "") for day in days]
    feast = np.array([bool(name) for name in names])
    around = _around(off, feast, closed)
    parts = [*_week(days), *seasons(days, setting.country, known), *_paydays(days), *around]
    parts += _named("holiday", names, known) + _named("special", campaign, known, least=1)
    unusual = feast | (around[2][2] > 0) | (around[3][2] > 0) | np.array([bool(name) for name in campaign])
    return Effects(np.column_stack([p[2] for p in parts]), tuple((p[0], p[1]) for p in parts), unusual)


def _week(days: Days) -> list[Column]:
    weekday = weekdays(days)
    return [("weekday", WEEKDAYS[i], (weekday == i).astype(float)) for i in range(7)]


def _paydays(days: Days) -> list[Column]:
    """The 15th and the last of the month (brought forward from a weekend), and the day after."""
    following = np.array([_is_payday(day) for day in np.append(days[:1] - 1, days)], dtype=float)
    return [("payday", N_("quincena"), following[1:]), ("payday", N_("después de quincena"), following[:-1])]


def _is_payday(day: np.datetime64) -> bool:
    plain = date.fromisoformat(str(day))
    reach = 3 if plain.weekday() == 4 else 1  # a Friday pays for its weekend
    coming = [date.fromordinal(plain.toordinal() + k) for k in range(reach)]
    paid = any(d.day == 15 or date.fromordinal(d.toordinal() + 1).day == 1 for d in coming)
    return plain.weekday() < 5 and paid


def _around(off: Bools, feast: Bools, closed: Bools) -> list[Column]:
    """The holiday itself, its eve, and the two open days on which what it held back comes in."""
    rank = _ranks_after(off | feast, closed)
    eve = np.append((off | feast)[1:], False) & ~feast
    return [
        ("holiday", N_("feriado"), feast.astype(float)),
        ("holiday", N_("víspera de feriado"), eve.astype(float)),
        ("holiday", N_("día después de feriado o cierre"), (rank == 1).astype(float)),
        ("holiday", N_("segundo día después de feriado o cierre"), (rank == 2).astype(float)),
    ]


def _ranks_after(off: Bools, closed: Bools) -> NDArray[np.int64]:
    """1 and 2 for the first and second open day after a day off, else 0."""
    rank = np.zeros(len(off), np.int64)
    since = 3
    for day in range(len(off)):
        if off[day]:
            since = 0
        elif not closed[day]:
            since += 1
            rank[day] = since if since <= 2 else 0
    return rank


def _named(group: str, names: Sequence[str], known: int, least: int = 2) -> list[Column]:
    often = [name for name, times in Counter(names[:known]).items() if name and times >= least]
    return [(group, name, np.array([seen == name for seen in names], dtype=float)) for name in often]
