"""What was read of a listing's words is kept beside its vectors

Revision ID: e91b6f04d7a2
Revises: 51c0e8a2f97d
Create Date: 2026-11-27 04:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'e91b6f04d7a2'
down_revision = '51c0e8a2f97d'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('embedding') as batch:
        batch.add_column(sa.Column('reading', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('embedding') as batch:
        batch.drop_column('reading')
