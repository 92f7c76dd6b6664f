"""By what name a promise and a delivery were sent, so that sent twice they are one

What is there was sent without a name and stays so.

Revision ID: b27d4f8a60c1
Revises: 4b7d2e9a6c15
Create Date: 2026-11-28 18:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'b27d4f8a60c1'
down_revision = '4b7d2e9a6c15'
branch_labels = None
depends_on = None

UNIQUE = (
    ('commitment', ['match_id', 'sent_key'], 'uq_commitment_match_id_sent_key'),
    (
        'match_delivery',
        ['commitment_id', 'recorded_by_id', 'sent_key'],
        'uq_match_delivery_commitment_id_recorded_by_id_sent_key',
    ),
)


def upgrade() -> None:
    for table, columns, name in UNIQUE:
        with op.batch_alter_table(table, schema=None) as batch:
            batch.add_column(sa.Column('sent_key', sa.String(length=40), nullable=True))
            batch.create_unique_constraint(op.f(name), columns)


def downgrade() -> None:
    for table, _columns, name in UNIQUE:
        with op.batch_alter_table(table, schema=None) as batch:
            batch.drop_constraint(op.f(name), type_='unique')
            batch.drop_column('sent_key')
