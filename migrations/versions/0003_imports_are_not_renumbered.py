"""Imports: the number of a discarded one is not given again, so that the audit never means two files by one number

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

# SQLite counts on from the highest number it still sees, unless the table says AUTOINCREMENT. Discarded ones of the
# past are only in the audit.
LAST = (
    "SELECT max((SELECT coalesce(max(id), 0) FROM contact_import), "
    "(SELECT coalesce(max(CAST(noun_id AS INTEGER)), 0) FROM audit WHERE noun = 'import'))"
)


def upgrade() -> None:
    if op.get_bind().dialect.name != 'sqlite':
        return
    _rebuild(autoincrement=True)
    op.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'contact_import'"))
    op.execute(sa.text(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('contact_import', ({LAST}))"))


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        _rebuild(autoincrement=False)


def _rebuild(autoincrement: bool) -> None:
    """Foreign keys are off while migrating, so the refused rows of an import stay."""
    kind = {'sqlite_autoincrement': autoincrement}
    with op.batch_alter_table('contact_import', recreate='always', table_kwargs=kind):
        pass
