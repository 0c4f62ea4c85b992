"""What no column may hold, whatever the database: SQLite would take a NUL that PostgreSQL refuses ever after."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.frame.i18n import _
from app.frame.refused import Refused

NUL = "\x00"


@event.listens_for(Session, "before_flush")
def refuse_nul(session: Session, _context: Any, _instances: Any) -> None:
    """Raises Refused for a text with a NUL in it."""
    for row in (*session.new, *session.dirty):
        refuse_row(row)


def refuse_row(row: object) -> None:
    """For rows that are written without a flush. Raises Refused for a text with a NUL in it."""
    if any(isinstance(value, str) and NUL in value for value in row.__dict__.values()):
        raise unfit()


def unfit() -> Refused:
    return Refused(_("Un dato trae un carácter o un número que no se puede guardar. Revíselo."))
