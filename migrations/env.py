"""Alembic's entry: the connection comes from app.frame.migrate."""

from alembic import context
from sqlalchemy import Connection

from app.frame import audit, host, idempotency, intake, profile
from app.frame.db import Base
from app.modules import BUILTIN

FRAME_TABLES = (audit.AuditEntry, idempotency, intake, profile.OfficeValue)  # known by being imported
host.load(BUILTIN)  # and with these, every model


OURS_BY_HAND = ("contact_fragment", "contact_word", "ix_contact_search_", "queue_", "ix_queue_", "uq_queue_")


def included(_object: object, name: str | None, _kind: str, reflected: bool, compare_to: object) -> bool:
    """Search indexes and the queue's tables are not in our models; comparing must not want to drop them."""
    return not (reflected and compare_to is None and (name or "").startswith(OURS_BY_HAND))


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=False,
        include_object=included,
    )
    with context.begin_transaction():
        context.run_migrations()


connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Run migrations with: centralita migrate")
run(connection)
