"""What is missing in rows: stretches of years, and intervals of which a log without zeros says nothing."""

import numpy as np
from numpy.typing import NDArray

from app.frame.i18n import _, ngettext
from app.workforce.errors import Floats, demand
from app.workforce.stamps import DAY_S, Times

HOLE_DAYS = 300
STRAYS, AGAINST = 3, 10  #: stamps far away that may be slips of the pen; rows elsewhere for each of them
SURE = 14.0  #: zeros that should be there: by chance none of them once in a million
RARE = 0.1  #: share of those zeros up to which the ones there are strays


def one_stretch(local: Times, counts: Floats, notes: list[str]) -> tuple[Times, Floats]:
    """A hole of nearly a year leaves two histories: the older one says nothing about today. A few stamps far away from
    all others are none; in order of time."""
    local, counts = _without_strays(local, counts, notes)
    holes = _holes(local)
    if not len(holes):
        return local, counts
    notes.append(_("Falta casi un año de datos: solo se usa lo que hay después."))
    rest = slice(holes[-1] + 1, None)
    demand(len(local[rest]) >= 2, _("Hacen falta al menos dos datos después del hueco."), "ds")
    return local[rest], counts[rest]


def _holes(local: Times) -> NDArray[np.int64]:
    """Places before them."""
    return np.flatnonzero(np.diff(local) > np.timedelta64(HOLE_DAYS * DAY_S, "s")).astype(np.int64)


def _without_strays(local: Times, counts: Floats, notes: list[str]) -> tuple[Times, Floats]:
    sizes = np.diff([0, *(_holes(local) + 1), len(local)])
    stray = np.repeat((sizes <= STRAYS) & (sizes * AGAINST <= sizes.max()), sizes)
    if not stray.any():
        return local, counts
    number, day = int(stray.sum()), str(local[stray][0].astype("datetime64[D]"))
    notes.append(ngettext("Hay %(num)d dato a casi un año o más de los demás (%(day)s): se deja fuera.",
                          "Hay %(num)d datos a casi un año o más de los demás (el primero, del %(day)s): "
                          "se dejan fuera.", number, day=day))  # fmt: skip
    return local[~stray], counts[~stray]


def with_zeros(table: Floats, shown: Floats, notes: list[str]) -> Floats:
    """A log that never says zero leaves out the quiet intervals: within a day that has data they are zeros. `shown` is
    how often the clock showed each: what it skipped, in whole or in part, is no silence."""
    seen = np.asarray(~np.isnan(table))
    first, last = np.flatnonzero(seen.ravel())[[0, -1]]
    place = np.arange(table.size).reshape(table.shape)
    missing = np.asarray(seen.any(axis=1))[:, None] & ~seen & (place >= first) & (place <= last) & (shown >= 1)
    if table.shape[1] == 1 or not missing.any():
        return table
    if not (table[seen] == 0).any():
        notes.append(_("No había ceros: dentro de un día con datos, los intervalos que faltan se toman como cero."))
    elif _left_out(table, missing):
        notes.append(
            _(
                "Casi no había ceros, muchos menos de los que habría si se anotaran: dentro de un día con datos, los "
                "intervalos que faltan se toman como cero."
            )
        )
    else:
        return table
    return np.where(missing, 0.0, table)


def _left_out(table: Floats, missing: NDArray[np.bool_]) -> bool:
    """Whether a log that writes its zeros would have many more of them at the hours of which rows are missing. Chance
    alone (Poisson) makes that many; days that differ make more of them."""
    hours = table[:, missing.any(axis=0)]
    times = (~np.isnan(hours)).sum(axis=0)
    expected = float((times * np.exp(-np.nansum(hours, axis=0) / np.maximum(times, 1))).sum())
    return expected >= SURE and int((hours == 0).sum()) <= RARE * expected
