"""Paths that only outgoing messages carry

Revision ID: 6e0b4d92c7f1
Revises: a19d4c70e3b5
Create Date: 2026-11-27 10:15:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '6e0b4d92c7f1'
down_revision = 'a19d4c70e3b5'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('notice_delivery') as batch:
        batch.add_column(sa.Column('path_sealed', sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('notice_delivery') as batch:
        batch.drop_column('path_sealed')
