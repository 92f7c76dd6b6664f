"""How each organisation's introductions as a giver went

Revision ID: a7c1d90e52b8
Revises: d27f5b8e1c60
Create Date: 2026-11-27 04:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'a7c1d90e52b8'
down_revision = 'd27f5b8e1c60'
branch_labels = None
depends_on = None

COUNTED = """
INSERT INTO organisation_record (organisation_id, asked, answered, kept, broken, updated_at)
SELECT s.organisation_id,
    SUM(CASE WHEN s.answer <> 'pending'
        OR (m.state = 'lapsed' AND m.close_reason = 'no_answer') THEN 1 ELSE 0 END),
    SUM(CASE WHEN s.answer <> 'pending' THEN 1 ELSE 0 END),
    SUM(CASE WHEN m.state IN ('completed', 'evaluated') THEN 1 ELSE 0 END),
    SUM(CASE WHEN m.state = 'failed'
        AND m.close_reason IN ('not_delivered', 'quality') THEN 1 ELSE 0 END),
    CURRENT_TIMESTAMP
FROM match_side s JOIN match m ON m.id = s.match_id
WHERE s.side = 'offer'
GROUP BY s.organisation_id
"""


def upgrade() -> None:
    op.create_table(
        'organisation_record',
        sa.Column(
            'organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False
        ),
        sa.Column('asked', sa.Integer(), nullable=False),
        sa.Column('answered', sa.Integer(), nullable=False),
        sa.Column('kept', sa.Integer(), nullable=False),
        sa.Column('broken', sa.Integer(), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['organisation_id'], ['organisation.id'],
            name=op.f('fk_organisation_record_organisation_id_organisation'), ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_organisation_record')),
    )
    op.execute(COUNTED)


def downgrade() -> None:
    op.drop_table('organisation_record')
