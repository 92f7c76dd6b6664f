"""When the numbers of a bulletin were counted

Those that are there were counted when they were composed.

Revision ID: 4b7d2e9a6c15
Revises: 3e8b5a1f7d04
Create Date: 2026-11-28 17:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '4b7d2e9a6c15'
down_revision = '3e8b5a1f7d04'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('bulletin', schema=None) as batch:
        batch.add_column(sa.Column('counted_at', sa.DateTime(timezone=True), nullable=True))
    op.execute('UPDATE bulletin SET counted_at = composed_at')
    with op.batch_alter_table('bulletin', schema=None) as batch:
        batch.alter_column(
            'counted_at', existing_type=sa.DateTime(timezone=True), nullable=False
        )


def downgrade() -> None:
    with op.batch_alter_table('bulletin', schema=None) as batch:
        batch.drop_column('counted_at')
