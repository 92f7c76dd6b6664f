"""Undertakings: several needs of one owner for one thing they want to do

Revision ID: c84f2d6b19a3
Revises: e91b6f04d7a2
Create Date: 2026-11-27 07:20:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'c84f2d6b19a3'
down_revision = 'e91b6f04d7a2'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'undertaking',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('organisation_id', ID, nullable=False),
        sa.Column('name', sa.String(length=60), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_undertaking_organisation_id_organisation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_undertaking')),
        sa.UniqueConstraint('public_id', name=op.f('uq_undertaking_public_id')),
    )
    op.create_index('ix_undertaking_organisation_id', 'undertaking', ['organisation_id'], unique=False)
    op.create_table(
        'undertaking_part',
        sa.Column('listing_id', ID, nullable=False),
        sa.Column('undertaking_id', ID, nullable=False),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_undertaking_part_listing_id_listing'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['undertaking_id'], ['undertaking.id'], name=op.f('fk_undertaking_part_undertaking_id_undertaking'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('listing_id', name=op.f('pk_undertaking_part')),
    )
    op.create_index('ix_undertaking_part_undertaking_id', 'undertaking_part', ['undertaking_id'], unique=False)


def downgrade() -> None:
    op.drop_table('undertaking_part')
    op.drop_table('undertaking')
