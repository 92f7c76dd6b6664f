"""Work between service points: settings of a centre, owners of needs, absences, handovers

Revision ID: a19d4c70e3b5
Revises: 0a5d1e7c93b6
Create Date: 2026-11-27 10:20:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'a19d4c70e3b5'
down_revision = '0a5d1e7c93b6'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
OPEN = sa.text('closed_at IS NULL')


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
    op.create_table(
        'absence',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('stand_in_id', ID, nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('to_on', sa.Date(), nullable=False),
        sa.Column('set_by_id', ID, nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('begun_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ended_by_id', ID, nullable=True),
        sa.CheckConstraint('from_on <= to_on', name=op.f('ck_absence_days_in_order')),
        sa.CheckConstraint('person_id <> stand_in_id', name=op.f('ck_absence_somebody_else')),
        sa.ForeignKeyConstraint(['ended_by_id'], ['person.id'], name=op.f('fk_absence_ended_by_id_person')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_absence_person_id_person')),
        sa.ForeignKeyConstraint(['set_by_id'], ['person.id'], name=op.f('fk_absence_set_by_id_person')),
        sa.ForeignKeyConstraint(['stand_in_id'], ['person.id'], name=op.f('fk_absence_stand_in_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_absence')),
        sa.UniqueConstraint('public_id', name=op.f('uq_absence_public_id')),
    )
    op.create_index('ix_absence_person_ended', 'absence', ['person_id', 'ended_at'], unique=False)
    op.create_index('ix_absence_stand_in_ended', 'absence', ['stand_in_id', 'ended_at'], unique=False)
    op.create_table(
        'need_assignment',
        sa.Column('need_id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('service_point_id', ID, nullable=True),
        sa.Column('assigned_by_id', ID, nullable=True),
        sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['assigned_by_id'], ['person.id'], name=op.f('fk_need_assignment_assigned_by_id_person')),
        sa.ForeignKeyConstraint(['need_id'], ['listing.id'], name=op.f('fk_need_assignment_need_id_listing'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_need_assignment_person_id_person')),
        sa.ForeignKeyConstraint(['service_point_id'], ['service_point.id'], name=op.f('fk_need_assignment_service_point_id_service_point')),
        sa.PrimaryKeyConstraint('need_id', name=op.f('pk_need_assignment')),
    )
    op.create_index('ix_need_assignment_person_id', 'need_assignment', ['person_id'], unique=False)
    op.create_table(
        'escalation',
        sa.Column('id', ID, nullable=False),
        sa.Column('match_id', ID, nullable=True),
        sa.Column('need_id', ID, nullable=True),
        sa.Column('cause', sa.Enum('claimed', 'answer', 'due', 'assigned', name='cause', native_enum=False, length=32), nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('since', sa.DateTime(timezone=True), nullable=False),
        sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('closed_by_id', ID, nullable=True),
        sa.CheckConstraint('(match_id IS NULL) <> (need_id IS NULL)', name=op.f('ck_escalation_one_subject')),
        sa.ForeignKeyConstraint(['closed_by_id'], ['person.id'], name=op.f('fk_escalation_closed_by_id_person')),
        sa.ForeignKeyConstraint(['match_id'], ['match.id'], name=op.f('fk_escalation_match_id_match')),
        sa.ForeignKeyConstraint(['need_id'], ['listing.id'], name=op.f('fk_escalation_need_id_listing'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_escalation_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_escalation')),
    )
    op.create_index('ix_escalation_closed_told', 'escalation', ['closed_at', 'told_at'], unique=False)
    op.create_index('uq_escalation_open_match', 'escalation', ['match_id'], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index('uq_escalation_open_need', 'escalation', ['need_id'], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        'handover',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('from_person_id', ID, nullable=False),
        sa.Column('made_by_id', ID, nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['from_person_id'], ['person.id'], name=op.f('fk_handover_from_person_id_person')),
        sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_handover_made_by_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_handover')),
        sa.UniqueConstraint('public_id', name=op.f('uq_handover_public_id')),
    )
    op.create_index('ix_handover_from_person_id', 'handover', ['from_person_id'], unique=False)
    op.create_table(
        'handover_case',
        sa.Column('id', ID, nullable=False),
        sa.Column('handover_id', ID, nullable=False),
        sa.Column('to_person_id', ID, nullable=False),
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('subject_id', ID, nullable=False),
        sa.Column('match_id', ID, nullable=True),
        sa.Column('need_id', ID, nullable=True),
        sa.Column('summary', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['handover_id'], ['handover.id'], name=op.f('fk_handover_case_handover_id_handover')),
        sa.ForeignKeyConstraint(['match_id'], ['match.id'], name=op.f('fk_handover_case_match_id_match')),
        sa.ForeignKeyConstraint(['need_id'], ['listing.id'], name=op.f('fk_handover_case_need_id_listing')),
        sa.ForeignKeyConstraint(['to_person_id'], ['person.id'], name=op.f('fk_handover_case_to_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_handover_case')),
        sa.UniqueConstraint('handover_id', 'kind', 'subject_id', name=op.f('uq_handover_case_handover_id_kind_subject_id')),
    )
    op.create_index('ix_handover_case_to_person_id', 'handover_case', ['to_person_id'], unique=False)


def downgrade() -> None:
    op.drop_table('handover_case')
    op.drop_table('handover')
    op.drop_table('escalation')
    op.drop_table('need_assignment')
    op.drop_table('absence')
    op.drop_table('centre_setting')
