"""What the engine says when a question cannot be answered."""

from collections.abc import Sequence
from datetime import date, timedelta
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.frame.i18n import _
from app.frame.refused import Refused

Floats = NDArray[np.float64]
_NO_NUMBERS = (bool, bytes, complex, date, timedelta, np.bool_, np.complexfloating, np.datetime64, np.timedelta64,
               np.ma.MaskedArray)  # fmt: skip


class BadInput(Refused):
    """The figures given make no sense; `field` names which one."""


class OutOfReach(Refused):
    """The figures make sense, but no number of people meets the target."""


def demand(ok: bool, sentence: str, field: str) -> None:
    """Raise BadInput with an already translated sentence unless `ok`."""
    if not ok:
        raise BadInput(sentence, field=field)


def _numbers(values: Any, field: str) -> Floats:
    try:
        demand(_all_numbers(values), _("Hay un valor que no es un número."), field)
        return np.atleast_1d(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError, OverflowError) as error:
        raise BadInput(_("Hay un valor que no es un número."), field=field) from error


def _all_numbers(values: Any) -> bool:
    """Not what numpy would make a number of though nobody meant one: moments, True, 1_000, what is masked."""
    kind = getattr(getattr(values, "dtype", None), "kind", "O")
    if kind in "bcmM" or np.ma.is_masked(values):
        return False
    if kind in "iuf":
        return True
    items = np.asarray(values, dtype=object).ravel().tolist()
    if set(map(type, items)) <= {float, int}:
        return True
    return not any(isinstance(item, _NO_NUMBERS) or (isinstance(item, str) and "_" in item) for item in items)


def number(value: Any, field: str) -> float:
    """One finite number; text, nothing and lists are refused."""
    array = _numbers(value, field).ravel()
    demand(array.size == 1, _("Se espera un solo número."), field)
    demand(bool(np.isfinite(array).all()), _("Hay un valor vacío o infinito."), field)
    return float(array[0])


def is_whole(value: Any) -> bool:
    """An integer of Python or numpy; True and False are none."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def floats(values: ArrayLike, field: str) -> Floats:
    """A float64 array with at least one dimension; text, NaN and infinity are refused."""
    array = _numbers(values, field)
    demand(bool(np.isfinite(array).all()), _("Hay un valor vacío o infinito."), field)
    return array


def readings(values: ArrayLike, field: str) -> Floats:
    """Like `amounts`, but NaN, None or a mask may stand for what is not known."""
    masked = isinstance(values, np.ma.MaskedArray) and values.dtype.kind in "iuf"
    array = _numbers(np.ma.filled(np.ma.asarray(values, np.float64), np.nan) if masked else values, field)
    demand(not np.isinf(array).any(), _("Hay un valor vacío o infinito."), field)
    demand(not (array < 0).any(), _("Un valor no puede ser negativo."), field)
    return array


def amounts(values: ArrayLike, field: str) -> Floats:
    """Like `floats`, and none below zero."""
    array = floats(values, field)
    demand(bool((array >= 0).all()), _("Un valor no puede ser negativo."), field)
    return array


def seconds(value: float, field: str) -> None:
    """Refuse a wait that is not a number, endless or negative."""
    demand(number(value, field) >= 0, _("El límite de espera no puede ser negativo."), field)


def positives(values: ArrayLike, field: str) -> Floats:
    """Like `floats`, and all above zero."""
    array = floats(values, field)
    demand(bool((array > 0).all()), _("El valor debe ser mayor que cero."), field)
    return array


def between(array: Floats, low: float, high: float, field: str) -> Floats:
    """Refuse what no office knows, and no sum of it could be trusted."""
    demand(bool((array >= low).all()), _("Hay un valor demasiado pequeño."), field)
    demand(bool((array <= high).all()), _("Hay un valor demasiado grande."), field)
    return array


def aligned(arrays: Sequence[Floats], field: str) -> tuple[Floats, ...]:
    """Broadcast to one length, or say that they differ."""
    demand(all(array.ndim == 1 for array in arrays), _("Se espera una lista simple, no una tabla."), field)
    try:
        return tuple(np.broadcast_arrays(*arrays))
    except ValueError as error:
        raise BadInput(_("Las listas no tienen el mismo largo."), field=field) from error
