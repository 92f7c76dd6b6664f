"""Suggestions that a worker has set aside until a day; matches by their need

Revision ID: 3e7a91c5d0f4
Revises: c4a7e90b1d36
Create Date: 2026-11-27 14:05:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '3e7a91c5d0f4'
down_revision = 'c4a7e90b1d36'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'pair_aside',
        sa.Column('person_id', ID, nullable=False),
        sa.Column('need_id', ID, nullable=False),
        sa.Column('offer_id', ID, nullable=False),
        sa.Column('until', sa.Date(), nullable=False),
        sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['need_id'], ['listing.id'], name=op.f('fk_pair_aside_need_id_listing'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['offer_id'], ['listing.id'], name=op.f('fk_pair_aside_offer_id_listing'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pair_aside_person_id_person'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('person_id', 'need_id', 'offer_id', name=op.f('pk_pair_aside')),
    )
    with op.batch_alter_table('pair_aside') as batch:
        batch.create_index(op.f('ix_pair_aside_need_id'), ['need_id'])
        batch.create_index(op.f('ix_pair_aside_offer_id'), ['offer_id'])
    with op.batch_alter_table('match') as batch:
        batch.create_index('ix_match_need_id', ['need_id'])


def downgrade() -> None:
    with op.batch_alter_table('match') as batch:
        batch.drop_index('ix_match_need_id')
    op.drop_table('pair_aside')
