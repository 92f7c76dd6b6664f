"""Matches that rest until a day, and saved views of matches

Revision ID: 6e2d90b4c7a1
Revises: 3e7a91c5d0f4
Create Date: 2026-11-27 14:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '6e2d90b4c7a1'
down_revision = '3e7a91c5d0f4'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
REASONS = ('waits', 'away', 'season', 'road', 'other')


def upgrade() -> None:
    reasons = sa.Enum(*REASONS, name='postponereason', native_enum=False, length=32)
    with op.batch_alter_table('match') as table:
        table.add_column(sa.Column('postponed_until', sa.Date(), nullable=True))
        table.add_column(sa.Column('postpone_reason', reasons, nullable=True))
        table.add_column(sa.Column('postpone_note', sa.Text(), nullable=True))
    op.create_table(
        'match_view',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('name', sa.String(length=30), nullable=False),
        sa.Column('question', sa.Text(), nullable=False),
        sa.Column('is_default', sa.Boolean(), nullable=False),
        sa.Column('shared_with_id', ID, nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_match_view_person_id_person')),
        sa.ForeignKeyConstraint(
            ['shared_with_id'], ['service_point.id'], name=op.f('fk_match_view_shared_with_id_service_point')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_match_view')),
        sa.UniqueConstraint('person_id', 'name', name=op.f('uq_match_view_person_id_name')),
        sa.UniqueConstraint('public_id', name=op.f('uq_match_view_public_id')),
    )
    op.create_index(
        'uq_match_view_default', 'match_view', ['person_id'], unique=True,
        sqlite_where=sa.text('is_default'), postgresql_where=sa.text('is_default'),
    )
    op.create_index('ix_match_view_shared_with_id', 'match_view', ['shared_with_id'])


def downgrade() -> None:
    op.drop_table('match_view')
    with op.batch_alter_table('match') as table:
        table.drop_column('postpone_note')
        table.drop_column('postpone_reason')
        table.drop_column('postponed_until')
