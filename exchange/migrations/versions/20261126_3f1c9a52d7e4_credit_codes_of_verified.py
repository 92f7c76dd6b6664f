"""A credit code is unique among verified organisations only

Revision ID: 3f1c9a52d7e4
Revises: b7da3e939003
Create Date: 2026-11-26 06:20:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '3f1c9a52d7e4'
down_revision = 'b7da3e939003'
branch_labels = None
depends_on = None

VERIFIED = sa.text("verification = 'verified'")


def upgrade() -> None:
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_constraint('uq_organisation_credit_code', type_='unique')
    op.create_index(
        'uq_organisation_verified_credit_code', 'organisation', ['credit_code'], unique=True,
        sqlite_where=VERIFIED, postgresql_where=VERIFIED,
    )


def downgrade() -> None:
    op.drop_index('uq_organisation_verified_credit_code', 'organisation')
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.create_unique_constraint('uq_organisation_credit_code', ['credit_code'])
