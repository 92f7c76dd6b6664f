"""Duplicate needs: proposals, and merges

Revision ID: d4a60c3f81b7
Revises: e3b9017c44d8
Create Date: 2026-11-26 23:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'd4a60c3f81b7'
down_revision = 'e3b9017c44d8'
branch_labels = None
depends_on = None

STANDING = sa.text('undone_at IS NULL')
ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
STATES = (
    'draft', 'submitted', 'published', 'partly_matched', 'fulfilled', 'expired', 'withdrawn',
    'parked', 'merged',
)


def upgrade() -> None:
    op.create_table(
        'need_merge',
        sa.Column('id', ID, nullable=False),
        sa.Column('merged_id', ID, nullable=False),
        sa.Column('kept_id', ID, nullable=False),
        sa.Column('state_before', sa.Enum(*STATES, name='state', native_enum=False, length=32), nullable=False),
        sa.Column('merged_by_id', ID, nullable=True),
        sa.Column('merged_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('undone_by_id', ID, nullable=True),
        sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('merged_id <> kept_id', name=op.f('ck_need_merge_merged_into_another')),
        sa.ForeignKeyConstraint(['kept_id'], ['listing.id'], name=op.f('fk_need_merge_kept_id_listing')),
        sa.ForeignKeyConstraint(['merged_by_id'], ['person.id'], name=op.f('fk_need_merge_merged_by_id_person')),
        sa.ForeignKeyConstraint(['merged_id'], ['listing.id'], name=op.f('fk_need_merge_merged_id_listing')),
        sa.ForeignKeyConstraint(['undone_by_id'], ['person.id'], name=op.f('fk_need_merge_undone_by_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_need_merge')),
    )
    op.create_index('ix_need_merge_kept_id', 'need_merge', ['kept_id'], unique=False)
    op.create_index(
        'uq_need_merge_standing', 'need_merge', ['merged_id'], unique=True,
        sqlite_where=STANDING, postgresql_where=STANDING,
    )
    op.create_table(
        'duplicate_pair',
        sa.Column('first_id', ID, nullable=False),
        sa.Column('second_id', ID, nullable=False),
        sa.Column('score_micro', sa.Integer(), nullable=False),
        sa.Column('reasons', sa.JSON(), nullable=False),
        sa.Column('engine', sa.String(length=80), nullable=False),
        sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('decided_by_id', ID, nullable=True),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('first_id < second_id', name=op.f('ck_duplicate_pair_first_is_lower')),
        sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_duplicate_pair_decided_by_id_person')),
        sa.ForeignKeyConstraint(['first_id'], ['listing.id'], name=op.f('fk_duplicate_pair_first_id_listing'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['second_id'], ['listing.id'], name=op.f('fk_duplicate_pair_second_id_listing'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('first_id', 'second_id', name=op.f('pk_duplicate_pair')),
    )
    op.create_index('ix_duplicate_pair_second_id', 'duplicate_pair', ['second_id'], unique=False)
    op.create_index('ix_duplicate_pair_open', 'duplicate_pair', ['score_micro'], unique=False, sqlite_where=sa.text('decided_at IS NULL'), postgresql_where=sa.text('decided_at IS NULL'))


def downgrade() -> None:
    op.drop_table('duplicate_pair')
    op.drop_table('need_merge')
