"""Least lots, and listings that are given or met only as a whole

Revision ID: 51c0e8a2f97d
Revises: b3e6f1a97c24
Create Date: 2026-11-27 04:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '51c0e8a2f97d'
down_revision = 'b3e6f1a97c24'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('listing') as batch:
        batch.add_column(sa.Column('lot_milli', sa.BigInteger(), nullable=True))
        batch.add_column(
            sa.Column('is_whole', sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.create_check_constraint(
            op.f('ck_listing_lot_positive'), 'lot_milli IS NULL OR lot_milli > 0'
        )


def downgrade() -> None:
    with op.batch_alter_table('listing') as batch:
        batch.drop_constraint(op.f('ck_listing_lot_positive'), type_='check')
        batch.drop_column('is_whole')
        batch.drop_column('lot_milli')
