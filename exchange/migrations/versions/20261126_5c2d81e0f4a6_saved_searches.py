"""Saved searches

Revision ID: 5c2d81e0f4a6
Revises: c51e07b9d2a4
Create Date: 2026-11-26 17:50:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '5c2d81e0f4a6'
down_revision = 'c51e07b9d2a4'
branch_labels = None
depends_on = None

WAITING = sa.text('told_at IS NULL')
ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'saved_search',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('name', sa.String(length=60), nullable=False),
        sa.Column('question', sa.Text(), nullable=False),
        sa.Column('question_hash', sa.String(length=64), nullable=False),
        sa.Column('rhythm', sa.Enum('at_once', 'daily', 'weekly', 'feed', name='rhythm', native_enum=False, length=32), nullable=False),
        sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('last_told_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('feed_hash', sa.String(length=64), nullable=False),
        sa.Column('feed_sealed', sa.Text(), nullable=False),
        sa.Column('feed_digest', sa.String(length=64), nullable=False),
        sa.Column('feed_changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_saved_search_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_search')),
        sa.UniqueConstraint('feed_hash', name=op.f('uq_saved_search_feed_hash')),
        sa.UniqueConstraint('person_id', 'question_hash', name=op.f('uq_saved_search_person_id_question_hash')),
        sa.UniqueConstraint('public_id', name=op.f('uq_saved_search_public_id')),
    )
    op.create_index('ix_saved_search_due_at', 'saved_search', ['due_at'], unique=False)
    op.create_table(
        'saved_search_item',
        sa.Column('search_id', ID, nullable=False),
        sa.Column('listing_id', ID, nullable=False),
        sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_saved_search_item_listing_id_listing'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['search_id'], ['saved_search.id'], name=op.f('fk_saved_search_item_search_id_saved_search'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('search_id', 'listing_id', name=op.f('pk_saved_search_item')),
    )
    op.create_index(op.f('ix_saved_search_item_listing_id'), 'saved_search_item', ['listing_id'], unique=False)
    op.create_index(
        'ix_saved_search_item_waiting', 'saved_search_item', ['search_id'], unique=False,
        sqlite_where=WAITING, postgresql_where=WAITING,
    )
    op.create_index('ix_listing_updated_at', 'listing', ['updated_at'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_listing_updated_at', 'listing')
    op.drop_table('saved_search_item')
    op.drop_table('saved_search')
