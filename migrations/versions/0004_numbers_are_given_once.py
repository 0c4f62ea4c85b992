"""Teams and devices: the number of a deleted one is not given again

A new team would inherit the contacts of the deleted one, and what a new device brings would pass for what the removed
one had brought already.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

# SQLite counts on from the highest number it still sees, unless the table says AUTOINCREMENT. Deleted ones of the past
# are in the audit, and in what they left behind.
LEFT = {'team': ('contact', 'team_id'), 'device': ('intake', 'device_id')}
LAST = (
    "SELECT max((SELECT coalesce(max(id), 0) FROM {table}), "
    "(SELECT coalesce(max(CAST(noun_id AS INTEGER)), 0) FROM audit WHERE noun = '{table}'), "
    "(SELECT coalesce(max({column}), 0) FROM {other}))"
)


def upgrade() -> None:
    if op.get_bind().dialect.name != 'sqlite':
        return
    for table, (other, column) in LEFT.items():
        _rebuild(table, autoincrement=True)
        last = LAST.format(table=table, other=other, column=column)
        op.execute(sa.text(f"DELETE FROM sqlite_sequence WHERE name = '{table}'"))
        op.execute(sa.text(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{table}', ({last}))"))


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for table in LEFT:
            _rebuild(table, autoincrement=False)


def _rebuild(table: str, autoincrement: bool) -> None:
    """Foreign keys are off while migrating, so memberships stay."""
    with op.batch_alter_table(table, recreate='always', table_kwargs={'sqlite_autoincrement': autoincrement}):
        pass
