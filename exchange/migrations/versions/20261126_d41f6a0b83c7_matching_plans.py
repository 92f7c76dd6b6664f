"""Plans of matching: what was set, the pairs, what stays unmet

Revision ID: d41f6a0b83c7
Revises: d4a60c3f81b7
Create Date: 2026-11-26 23:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'd41f6a0b83c7'
down_revision = 'd4a60c3f81b7'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('matching_plan',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('state', sa.Enum('draft', 'computing', 'ready', 'released', 'discarded', name='planstate', native_enum=False, length=32), nullable=False),
    sa.Column('choice', sa.JSON(), nullable=False),
    sa.Column('defaults_version', sa.Integer(), nullable=False),
    sa.Column('copied_from_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('asked_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('service_point_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('run', sa.Integer(), nullable=False),
    sa.Column('figures', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('simple_figures', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ready_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('released_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('discarded_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_matching_plan_asked_by_id_person')),
    sa.ForeignKeyConstraint(['copied_from_id'], ['matching_plan.id'], name=op.f('fk_matching_plan_copied_from_id_matching_plan')),
    sa.ForeignKeyConstraint(['released_by_id'], ['person.id'], name=op.f('fk_matching_plan_released_by_id_person')),
    sa.ForeignKeyConstraint(['service_point_id'], ['service_point.id'], name=op.f('fk_matching_plan_service_point_id_service_point')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_matching_plan')),
    sa.UniqueConstraint('public_id', name=op.f('uq_matching_plan_public_id'))
    )
    with op.batch_alter_table('matching_plan', schema=None) as batch_op:
        batch_op.create_index('ix_matching_plan_state_released_at', ['state', 'released_at'], unique=False)

    op.create_table('plan_defaults',
    sa.Column('service_point_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('choice', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['service_point_id'], ['service_point.id'], name=op.f('fk_plan_defaults_service_point_id_service_point'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['updated_by_id'], ['person.id'], name=op.f('fk_plan_defaults_updated_by_id_person')),
    sa.PrimaryKeyConstraint('service_point_id', name=op.f('pk_plan_defaults'))
    )
    op.create_table('matching_plan_division',
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('prefix', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['plan_id'], ['matching_plan.id'], name=op.f('fk_matching_plan_division_plan_id_matching_plan'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('plan_id', 'prefix', name=op.f('pk_matching_plan_division'))
    )
    op.create_table('matching_plan_gap',
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('need_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.Enum('no_candidate', 'below_threshold', 'used_up', 'organisation_limit', 'broker_limit', 'need_limit', name='unmet', native_enum=False, length=32), nullable=False),
    sa.Column('met_micro', sa.Integer(), nullable=False),
    sa.Column('weight_milli', sa.Integer(), nullable=False),
    sa.Column('category_code', sa.String(length=40), nullable=False),
    sa.Column('place_code', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['need_id'], ['listing.id'], name=op.f('fk_matching_plan_gap_need_id_listing'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['plan_id'], ['matching_plan.id'], name=op.f('fk_matching_plan_gap_plan_id_matching_plan'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('plan_id', 'need_id', name=op.f('pk_matching_plan_gap'))
    )
    with op.batch_alter_table('matching_plan_gap', schema=None) as batch_op:
        batch_op.create_index('ix_matching_plan_gap_need_id', ['need_id'], unique=False)

    op.create_table('matching_plan_item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('need_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('offer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('score_micro', sa.Integer(), nullable=False),
    sa.Column('weight_milli', sa.Integer(), nullable=False),
    sa.Column('taken_milli', sa.BigInteger(), nullable=True),
    sa.Column('covers_milli', sa.BigInteger(), nullable=True),
    sa.Column('share_micro', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('planned', 'queued', 'skipped', name='itemstate', native_enum=False, length=32), nullable=False),
    sa.Column('skip_code', sa.String(length=40), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['need_id'], ['listing.id'], name=op.f('fk_matching_plan_item_need_id_listing'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['offer_id'], ['listing.id'], name=op.f('fk_matching_plan_item_offer_id_listing'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['plan_id'], ['matching_plan.id'], name=op.f('fk_matching_plan_item_plan_id_matching_plan'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_matching_plan_item')),
    sa.UniqueConstraint('plan_id', 'need_id', 'offer_id', name=op.f('uq_matching_plan_item_plan_id_need_id_offer_id'))
    )
    with op.batch_alter_table('matching_plan_item', schema=None) as batch_op:
        batch_op.create_index('ix_matching_plan_item_need_id_state', ['need_id', 'state'], unique=False)
        batch_op.create_index('ix_matching_plan_item_offer_id_state', ['offer_id', 'state'], unique=False)
        batch_op.create_index('ix_matching_plan_item_plan_id_state', ['plan_id', 'state', 'rank'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('matching_plan_item', schema=None) as batch_op:
        batch_op.drop_index('ix_matching_plan_item_plan_id_state')
        batch_op.drop_index('ix_matching_plan_item_offer_id_state')
        batch_op.drop_index('ix_matching_plan_item_need_id_state')

    op.drop_table('matching_plan_item')
    with op.batch_alter_table('matching_plan_gap', schema=None) as batch_op:
        batch_op.drop_index('ix_matching_plan_gap_need_id')

    op.drop_table('matching_plan_gap')
    op.drop_table('matching_plan_division')
    op.drop_table('plan_defaults')
    with op.batch_alter_table('matching_plan', schema=None) as batch_op:
        batch_op.drop_index('ix_matching_plan_state_released_at')

    op.drop_table('matching_plan')
