"""Accounts that will be closed

Revision ID: c4a7e90b1d36
Revises: c3e9f1a7b524
Create Date: 2026-11-27 14:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'c4a7e90b1d36'
down_revision = 'c3e9f1a7b524'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        'account_closing',
        sa.Column('person_id', ID, autoincrement=False, nullable=False),
        sa.Column('asked_by_id', ID, nullable=False),
        sa.Column('asked_at', MOMENT, nullable=False),
        sa.Column('due_at', MOMENT, nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_account_closing_asked_by_id_person')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_account_closing_person_id_person')),
        sa.PrimaryKeyConstraint('person_id', name=op.f('pk_account_closing')),
    )
    op.create_index(op.f('ix_account_closing_due_at'), 'account_closing', ['due_at'])


def downgrade() -> None:
    op.drop_table('account_closing')
