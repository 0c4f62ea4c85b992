"""How a run in the child can end badly. Each carries a `sentence` for people."""

from app.frame.child_wire import Failed
from app.frame.i18n import _


class ChildError(Exception):
    """Any bad end."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class ChildDied(ChildError):
    """The process ended under the run (killed, out of memory, crashed); the next run gets a new process."""

    def __init__(self, exit_code: int | None) -> None:
        super().__init__(_("El proceso de trabajo se detuvo de golpe. Vuelva a intentarlo."))
        self.exit_code = exit_code


class ChildLate(ChildError):
    """The time limit passed; the process was ended."""

    def __init__(self, limit_s: float) -> None:
        super().__init__(_("El trabajo tardó más de %(seconds)s s y se detuvo.", seconds=f"{limit_s:g}"))
        self.limit_s = limit_s


class ChildStopped(ChildError):
    """Somebody asked to stop, and it did."""

    def __init__(self) -> None:
        super().__init__(_("El trabajo se canceló."))


class ChildFailed(ChildError):
    """The function raised. `expected` when the error was made for people; `trace` is for the log."""

    def __init__(self, failed: Failed) -> None:
        self.expected = bool(failed.sentence)
        super().__init__(failed.sentence or _("El trabajo falló. El detalle está en el registro del sistema."))
        self.kind, self.code, self.field, self.trace = failed.kind, failed.code, failed.field, failed.trace
