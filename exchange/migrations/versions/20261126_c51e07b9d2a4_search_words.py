"""Synonyms of the site, and counters of what is searched for

Revision ID: c51e07b9d2a4
Revises: 9e4417aa0c52
Create Date: 2026-11-26 17:40:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'c51e07b9d2a4'
down_revision = '9e4417aa0c52'
branch_labels = None
depends_on = None

WORDS = sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'synonym_edition',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_synonym_edition')),
    )
    op.create_table(
        'synonym_group',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('public_id', sa.String(length=14), nullable=False),
        sa.Column('words', sa.JSON(), nullable=False),
        sa.Column('one_way', sa.Boolean(), nullable=False),
        sa.Column('is_on', sa.Boolean(), nullable=False),
        sa.Column('replaces', sa.String(length=64), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_synonym_group')),
        sa.UniqueConstraint('public_id', name=op.f('uq_synonym_group_public_id')),
        sa.UniqueConstraint('replaces', name=op.f('uq_synonym_group_replaces')),
    )
    op.create_table(
        'search_tally',
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('words', WORDS, nullable=False),
        sa.Column('side', sa.String(length=8), nullable=False),
        sa.Column('locale', sa.String(length=8), nullable=False),
        sa.Column('asked', sa.Integer(), nullable=False),
        sa.Column('unmet', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('day', 'words', 'side', 'locale', name=op.f('pk_search_tally')),
    )
    op.create_index(
        'ix_search_tally_unmet',
        'search_tally',
        ['day', 'words', 'locale', 'unmet'],
        unique=False,
        sqlite_where=sa.text('unmet > 0'),
        postgresql_where=sa.text('unmet > 0'),
    )
    op.create_table(
        'frequent_search',
        sa.Column('words', WORDS, nullable=False),
        sa.Column('asked', sa.Integer(), nullable=False),
        sa.Column('days', sa.Integer(), nullable=False),
        sa.Column('score', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('words', name=op.f('pk_frequent_search')),
    )
    op.create_index('ix_frequent_search_prefix', 'frequent_search', ['words', 'score'])
    op.create_index('ix_frequent_search_score', 'frequent_search', ['score', 'words'])


def downgrade() -> None:
    op.drop_index('ix_frequent_search_score', 'frequent_search')
    op.drop_index('ix_frequent_search_prefix', 'frequent_search')
    op.drop_table('frequent_search')
    op.drop_index('ix_search_tally_unmet', 'search_tally')
    op.drop_table('search_tally')
    op.drop_table('synonym_group')
    op.drop_table('synonym_edition')
