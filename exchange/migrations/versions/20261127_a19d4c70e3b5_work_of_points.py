"""Work between service points: settings of a centre, owners of needs, absences, handovers

Revision ID: a19d4c70e3b5
Revises: f5a90c37d812
Create Date: 2026-11-27 10:20:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'a19d4c70e3b5'
down_revision = 'f5a90c37d812'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'centre_setting',
        sa.Column('service_point_id', ID, nullable=False),
        sa.Column('lapse_days', sa.Integer(), nullable=False),
        sa.Column('reminder_days_before', sa.Integer(), nullable=False),
        sa.Column('escalate_claimed_days', sa.Integer(), nullable=False),
        sa.Column('escalate_answer_days', sa.Integer(), nullable=False),
        sa.Column('escalate_due_days', sa.Integer(), nullable=False),
        sa.Column('caseload_limit', sa.Integer(), nullable=False),
        sa.Column('caseload_blocks', sa.Boolean(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_by_id', ID, nullable=True),
        sa.ForeignKeyConstraint(['service_point_id'], ['service_point.id'], name=op.f('fk_centre_setting_service_point_id_service_point'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['updated_by_id'], ['person.id'], name=op.f('fk_centre_setting_updated_by_id_person')),
        sa.PrimaryKeyConstraint('service_point_id', name=op.f('pk_centre_setting')),
    )


def downgrade() -> None:
    op.drop_table('centre_setting')
