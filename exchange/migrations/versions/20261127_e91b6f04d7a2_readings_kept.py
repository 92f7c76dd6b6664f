"""What was read of a listing's words is kept beside its vectors

Revision ID: e91b6f04d7a2
Revises: b3e6f1a97c24
Create Date: 2026-11-27 04:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'e91b6f04d7a2'
down_revision = 'b3e6f1a97c24'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('embedding') as batch:
        batch.add_column(sa.Column('reading', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('embedding') as batch:
        batch.drop_column('reading')
