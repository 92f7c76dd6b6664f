"""Sessions that were signed out

Revision ID: a84d07c6e15b
Revises: 3f1c9a52d7e4
Create Date: 2026-11-26 06:50:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'a84d07c6e15b'
down_revision = '3f1c9a52d7e4'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'ended_session',
        sa.Column('session_hash', sa.String(length=64), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('session_hash', name=op.f('pk_ended_session')),
    )
    op.create_index(op.f('ix_ended_session_ended_at'), 'ended_session', ['ended_at'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_ended_session_ended_at'), 'ended_session')
    op.drop_table('ended_session')
