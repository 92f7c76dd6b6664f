"""Checks of those who come to people who need protection

Revision ID: f5a90c37d812
Revises: c84f2d6b19a3
Create Date: 2026-11-27 08:40:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'f5a90c37d812'
down_revision = 'c84f2d6b19a3'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
KINDS = ('no_record', 'ban_query', 'licence', 'accompanied')


def upgrade() -> None:
    op.create_table(
        'match_check',
        sa.Column('match_id', ID, nullable=False),
        sa.Column('kind', sa.Enum(*KINDS, name='checkkind', native_enum=False, length=32), nullable=False),
        sa.Column('seen_on', sa.Date(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('recorded_by_id', ID, nullable=False),
        sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['match_id'], ['match.id'], name=op.f('fk_match_check_match_id_match')),
        sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_match_check_recorded_by_id_person')),
        sa.PrimaryKeyConstraint('match_id', name=op.f('pk_match_check')),
    )


def downgrade() -> None:
    op.drop_table('match_check')
