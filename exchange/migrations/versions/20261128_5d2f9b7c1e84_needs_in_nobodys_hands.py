"""Escalations of needs in nobody's hands: there is no worker to name

Revision ID: 5d2f9b7c1e84
Revises: 8c1d5e7b3a42
Create Date: 2026-11-28 06:20:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '5d2f9b7c1e84'
down_revision = '8c1d5e7b3a42'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    with op.batch_alter_table('escalation', schema=None) as batch:
        batch.alter_column('person_id', existing_type=ID, nullable=True)


def downgrade() -> None:
    op.execute('DELETE FROM escalation WHERE person_id IS NULL')
    with op.batch_alter_table('escalation', schema=None) as batch:
        batch.alter_column('person_id', existing_type=ID, nullable=False)
