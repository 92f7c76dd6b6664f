"""The private calendar feed of a volunteer's own shifts

Revision ID: a3c8e5d17f42
Revises: 9d4f7c2b6e15
Create Date: 2026-11-27 17:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'a3c8e5d17f42'
down_revision = '9d4f7c2b6e15'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'volunteer_feed',
        sa.Column('person_id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('token_hash', sa.String(length=64), nullable=False),
        sa.Column('token_sealed', sa.Text(), nullable=False),
        sa.Column('renewed_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_volunteer_feed_person_id_person')),
        sa.PrimaryKeyConstraint('person_id', name=op.f('pk_volunteer_feed')),
        sa.UniqueConstraint('public_id', name=op.f('uq_volunteer_feed_public_id')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_volunteer_feed_token_hash')),
    )


def downgrade() -> None:
    op.drop_table('volunteer_feed')
