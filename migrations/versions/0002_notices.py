"""Notices: what waits on somebody's bell

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from app.frame.instant import InstantType

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('notice',
    sa.Column('id', BIG, autoincrement=True, nullable=False),
    sa.Column('user_id', BIG, nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('places', sa.JSON(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('url', sa.String(length=300), nullable=False),
    sa.Column('about', sa.String(length=80), nullable=False),
    sa.Column('at', InstantType(), nullable=False),
    sa.Column('seen_at', InstantType(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index('ix_notice_user', ['user_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_about'), ['about'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_at'), ['at'], unique=False)


def downgrade() -> None:
    op.drop_table('notice')
