"""Refresh of suggestions: what was matched when, and how far a refresh has come

Revision ID: d27f5b8e1c60
Revises: d41f6a0b83c7
Create Date: 2026-11-27 00:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'd27f5b8e1c60'
down_revision = 'd41f6a0b83c7'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('embedding') as batch:
        batch.add_column(sa.Column('terms', sa.LargeBinary(), nullable=True))
        batch.create_index('ix_embedding_computed_at', ['computed_at'])
    op.create_table(
        'listing_matched',
        sa.Column('listing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('engine', sa.String(length=80), nullable=False),
        sa.Column('round', sa.Integer(), nullable=False),
        sa.Column('matched_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['listing_id'], ['listing.id'],
            name=op.f('fk_listing_matched_listing_id_listing'), ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('listing_id', name=op.f('pk_listing_matched')),
    )
    op.create_table(
        'suggestion_refresh',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('engine', sa.String(length=80), nullable=False),
        sa.Column('round', sa.Integer(), nullable=False),
        sa.Column(
            'state',
            sa.Enum(
                'running', 'stopped', 'done', name='refreshstate', native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('driven_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('changed', sa.Integer(), nullable=False),
        sa.Column('failed', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestion_refresh')),
    )


def downgrade() -> None:
    op.drop_table('suggestion_refresh')
    op.drop_table('listing_matched')
    with op.batch_alter_table('embedding') as batch:
        batch.drop_index('ix_embedding_computed_at')
        batch.drop_column('terms')
