"""Jobs by name

Revision ID: e3b9017c44d8
Revises: 5c2d81e0f4a6
Create Date: 2026-11-26 20:20:00+00:00
"""

from alembic import op

revision = 'e3b9017c44d8'
down_revision = '5c2d81e0f4a6'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_outbox_job_name', 'outbox_job', ['name', 'created_at'])


def downgrade() -> None:
    op.drop_index('ix_outbox_job_name', table_name='outbox_job')
