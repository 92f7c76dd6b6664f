"""Names of files of matches: what a PDF is called

Pictures have none, so nothing stands beside those that are there.

Revision ID: 3e8b5a1f7d04
Revises: 7c4e1a9d2b60
Create Date: 2026-11-28 09:40:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '3e8b5a1f7d04'
down_revision = '7c4e1a9d2b60'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('match_file', schema=None) as batch:
        batch.add_column(sa.Column('file_name', sa.String(100), nullable=False, server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('match_file', schema=None) as batch:
        batch.drop_column('file_name')
