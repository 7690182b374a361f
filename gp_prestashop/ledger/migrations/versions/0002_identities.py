"""Identities that records share"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('identity',
    sa.Column('flow', sa.Text(), nullable=False),
    sa.Column('identity', sa.String(length=64), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('flow', 'identity'),
    schema='gpps'
    )


def downgrade() -> None:
    op.drop_table('identity', schema='gpps')
