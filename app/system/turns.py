"""Who uses the data folder: an open office holds it together with others, a restore or a move holds it alone.

The kernel lets go when a process dies, so a kill -9 leaves nothing to clean up.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from app.frame.i18n import _
from app.frame.refused import Conflict

FILE = "office.lock"


class Taken(Conflict):
    """Somebody else uses the data folder."""


@contextlib.contextmanager
def held(path: Path, how: int) -> Iterator[None]:
    """An advisory lock on a file. Raises BlockingIOError when `how` has LOCK_NB and somebody else holds it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def shared(data: Path) -> Iterator[None]:
    """What an open office holds. Raises Taken while a restore or a move is under way."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(held(data / FILE, fcntl.LOCK_SH | fcntl.LOCK_NB))
        except BlockingIOError:
            raise Taken(_("Hay una restauración o un traslado en marcha. Espere a que termine.")) from None
        yield


@contextlib.contextmanager
def alone(data: Path) -> Iterator[None]:
    """Nobody else has the office open. Raises Taken when somebody has."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(held(data / FILE, fcntl.LOCK_EX | fcntl.LOCK_NB))
        except BlockingIOError:
            raise Taken(_("La oficina está abierta. Ciérrela antes.")) from None
        yield


def is_taken(path: Path) -> bool:
    """Whether somebody holds this lock file now."""
    if not path.exists():
        return False
    try:
        with held(path, fcntl.LOCK_EX | fcntl.LOCK_NB):
            return False
    except BlockingIOError:
        return True
