"""The words of the site

Revision ID: 9e4417aa0c52
Revises: 7b20e5f4c913
Create Date: 2026-11-26 17:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '9e4417aa0c52'
down_revision = '7b20e5f4c913'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'search_lexicon',
        sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('documents', sa.Integer(), nullable=False),
        sa.Column('high_water', sa.BigInteger(), nullable=False),
        sa.Column('words', sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_search_lexicon')),
    )


def downgrade() -> None:
    op.drop_table('search_lexicon')
