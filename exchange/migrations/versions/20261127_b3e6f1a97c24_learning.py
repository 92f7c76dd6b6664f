"""Learning of matching: decisions about pairs, learned weights, whether it is on

Revision ID: b3e6f1a97c24
Revises: a7c1d90e52b8
Create Date: 2026-11-27 04:10:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'b3e6f1a97c24'
down_revision = 'a7c1d90e52b8'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
PRESENT = sa.text("state = 'in_force'")


def upgrade() -> None:
    op.create_table('matching_decision',
    sa.Column('need_id', ID, nullable=False),
    sa.Column('offer_id', ID, nullable=False),
    sa.Column('cause', sa.Enum('claimed', 'introduced', 'completed', 'dismissed', 'declined', 'lapsed', 'withdrawn', 'failed', name='cause', native_enum=False, length=32), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('features', sa.JSON(), nullable=False),
    sa.Column('score_micro', sa.Integer(), nullable=False),
    sa.Column('engine', sa.String(length=80), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['need_id'], ['listing.id'], name=op.f('fk_matching_decision_need_id_listing'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['offer_id'], ['listing.id'], name=op.f('fk_matching_decision_offer_id_listing'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('need_id', 'offer_id', name=op.f('pk_matching_decision'))
    )
    with op.batch_alter_table('matching_decision', schema=None) as batch_op:
        batch_op.create_index('ix_matching_decision_changed_at', ['changed_at'], unique=False)
        batch_op.create_index('ix_matching_decision_offer_id', ['offer_id'], unique=False)

    op.create_table('matching_weights',
    sa.Column('id', ID, nullable=False),
    sa.Column('version', sa.String(length=60), nullable=False),
    sa.Column('based_on', sa.String(length=60), nullable=False),
    sa.Column('weights', sa.JSON(), nullable=False),
    sa.Column('state', sa.Enum('candidate', 'in_force', 'retired', 'fallen_back', name='weightsstate', native_enum=False, length=32), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('decisions', sa.Integer(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('in_force_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_matching_weights')),
    sa.UniqueConstraint('version', name=op.f('uq_matching_weights_version'))
    )
    with op.batch_alter_table('matching_weights', schema=None) as batch_op:
        batch_op.create_index('uq_matching_weights_in_force', ['state'], unique=True, sqlite_where=PRESENT, postgresql_where=PRESENT)

    op.create_table('matching_learning',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_matching_learning'))
    )


def downgrade() -> None:
    op.drop_table('matching_learning')
    with op.batch_alter_table('matching_weights', schema=None) as batch_op:
        batch_op.drop_index('uq_matching_weights_in_force', sqlite_where=PRESENT, postgresql_where=PRESENT)

    op.drop_table('matching_weights')
    with op.batch_alter_table('matching_decision', schema=None) as batch_op:
        batch_op.drop_index('ix_matching_decision_offer_id')
        batch_op.drop_index('ix_matching_decision_changed_at')

    op.drop_table('matching_decision')
