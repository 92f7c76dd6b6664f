"""The meanings of documents

Revision ID: 7b20e5f4c913
Revises: a84d07c6e15b
Create Date: 2026-11-26 17:20:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '7b20e5f4c913'
down_revision = 'a84d07c6e15b'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'document_vector',
        sa.Column('key', sa.String(length=48), nullable=False),
        sa.Column('made_from', sa.String(length=32), nullable=False),
        sa.Column('vector', sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint('key', name=op.f('pk_document_vector')),
    )


def downgrade() -> None:
    op.drop_table('document_vector')
