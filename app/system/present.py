"""The database as it is, reached without an office: by commands, and before an office opens."""

import contextlib
import logging
from collections.abc import Iterator

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import SQLAlchemyError

from app.accounts.withdrawn import Withdrawn, withdrawn
from app.frame.settings import Settings
from app.system import pgdump

log = logging.getLogger("centralita.system")


@contextlib.contextmanager
def engine_of(settings: Settings) -> Iterator[Engine]:
    """A plain engine for who works alone."""
    engine = create_engine(
        f"sqlite:///{settings.database_file}"
        if settings.is_sqlite
        else pgdump.address(settings).replace("postgresql://", "postgresql+psycopg://", 1)
    )
    try:
        yield engine
    finally:
        engine.dispose()


def withdrawn_now(settings: Settings) -> Withdrawn | None:
    """What was revoked by now; None when the present is gone, broken, or of another shape."""
    if settings.is_sqlite and not settings.database_file.exists():
        return None
    try:
        with engine_of(settings) as engine, engine.connect() as connection:
            return withdrawn(connection)
    except SQLAlchemyError as error:
        log.warning("what was revoked could not be read: %s", error)
        return None
