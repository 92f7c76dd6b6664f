"""What was said about children on pictures: of listings, public copies, training materials

Nobody was asked about the pictures that are there, so nothing stands beside them.

Revision ID: 7c4e1a9d2b60
Revises: 5d2f9b7c1e84
Create Date: 2026-11-28 07:10:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '7c4e1a9d2b60'
down_revision = '5d2f9b7c1e84'
branch_labels = None
depends_on = None

STATEMENT = sa.Enum('no_child', 'child', 'children_safe', name='picturestatement', native_enum=False, length=32)
TABLES = ('listing_photo', 'ledger_document', 'volunteer_material')


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch:
            batch.add_column(sa.Column('statement', STATEMENT, nullable=True))


def downgrade() -> None:
    # What news say now, the version before cannot read.
    for table in ('project_update_photo', 'project_news_kept_picture'):
        op.execute(f"UPDATE {table} SET statement = 'children_safe' WHERE statement = 'no_child'")
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch:
            batch.drop_column('statement')
