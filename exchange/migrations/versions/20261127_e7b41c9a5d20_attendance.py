"""Attendance of volunteers: marks, hours, numbers in the national system, certificates

Revision ID: e7b41c9a5d20
Revises: 3b7e1f92c05d
Create Date: 2026-11-27 17:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'e7b41c9a5d20'
down_revision = '3b7e1f92c05d'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
VALID = sa.text('revoked_at IS NULL')


def _code(*values: str) -> sa.Enum:
    return sa.Enum(*values, native_enum=False, length=32)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f'{other}.id'], name=op.f(f'fk_{table}_{column}_{other}'), ondelete=ondelete
    )


def upgrade() -> None:
    _marks()
    _hours()
    _numbers()
    _certificates()


def _marks() -> None:
    name = 'volunteer_mark'
    op.create_table(
        name,
        sa.Column('id', ID, nullable=False),
        sa.Column('shift_id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('kind', _code('came', 'left', 'absent'), nullable=False),
        sa.Column('way', _code('code', 'list'), nullable=False),
        _moment('at'),
        sa.Column('client_id', sa.String(length=60), nullable=True),
        sa.Column('recorded_by_id', ID, nullable=True),
        _moment('recorded_at'),
        _to(name, 'shift_id', 'volunteer_shift'),
        _to(name, 'person_id', 'person'),
        _to(name, 'recorded_by_id', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_mark')),
        sa.UniqueConstraint('shift_id', 'client_id', name=op.f('uq_volunteer_mark_shift_id_client_id')),
    )
    op.create_index('ix_volunteer_mark_person_id', name, ['person_id'], unique=False)
    op.create_index('ix_volunteer_mark_shift_person', name, ['shift_id', 'person_id'], unique=False)


def _hours() -> None:
    name = 'volunteer_hours'
    op.create_table(
        name,
        sa.Column('id', ID, nullable=False),
        sa.Column('shift_id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('organisation_id', ID, nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('step', _code('proposed', 'approved', 'objected'), nullable=False),
        sa.Column('minutes', sa.Integer(), nullable=False),
        sa.Column('travel_minutes', sa.Integer(), nullable=False),
        sa.Column('basis', _code('marks', 'planned', 'stated'), nullable=False),
        sa.Column('note', sa.String(length=500), nullable=False),
        sa.Column('made_by_id', ID, nullable=True),
        _moment('made_at'),
        sa.CheckConstraint('minutes >= 0 AND minutes <= 1440', name=op.f('ck_volunteer_hours_minutes_of_a_day')),
        sa.CheckConstraint('travel_minutes >= 0 AND travel_minutes <= 1440', name=op.f('ck_volunteer_hours_travel_of_a_day')),
        _to(name, 'shift_id', 'volunteer_shift'),
        _to(name, 'person_id', 'person'),
        _to(name, 'organisation_id', 'organisation'),
        _to(name, 'made_by_id', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_hours')),
        sa.UniqueConstraint('shift_id', 'person_id', 'number', name=op.f('uq_volunteer_hours_shift_id_person_id_number')),
    )
    op.create_index('ix_volunteer_hours_organisation_step', name, ['organisation_id', 'step'], unique=False)
    op.create_index('ix_volunteer_hours_person', name, ['person_id'], unique=False)


def _numbers() -> None:
    name = 'volunteer_number'
    op.create_table(
        name,
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('number_sealed', sa.Text(), nullable=False),
        _moment('given_at'),
        _to(name, 'person_id', 'person', 'CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_number')),
        sa.UniqueConstraint('person_id', name=op.f('uq_volunteer_number_person_id')),
        sa.UniqueConstraint('public_id', name=op.f('uq_volunteer_number_public_id')),
    )


def _certificates() -> None:
    name = 'volunteer_certificate'
    op.create_table(
        name,
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('number', sa.String(length=20), nullable=False),
        sa.Column('code', sa.String(length=20), nullable=False),
        sa.Column('organisation_id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('activity_id', ID, nullable=True),
        sa.Column('organisation_name', sa.String(length=160), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('title', sa.String(length=60), nullable=False),
        sa.Column('from_day', sa.Date(), nullable=False),
        sa.Column('to_day', sa.Date(), nullable=False),
        sa.Column('minutes', sa.Integer(), nullable=False),
        sa.Column('entries', sa.JSON(), nullable=False),
        sa.Column('fingerprint', sa.String(length=64), nullable=False),
        _moment('issued_at'),
        sa.Column('issued_by_id', ID, nullable=True),
        _moment('revoked_at', nullable=True),
        sa.Column('revoked_by_id', ID, nullable=True),
        sa.Column('revoke_reason', sa.String(length=200), nullable=False),
        sa.Column('replaced_by_id', ID, nullable=True),
        sa.CheckConstraint('minutes > 0', name=op.f('ck_volunteer_certificate_minutes_positive')),
        sa.CheckConstraint('to_day >= from_day', name=op.f('ck_volunteer_certificate_days_in_order')),
        _to(name, 'organisation_id', 'organisation'),
        _to(name, 'person_id', 'person'),
        _to(name, 'activity_id', 'volunteer_activity'),
        _to(name, 'issued_by_id', 'person'),
        _to(name, 'revoked_by_id', 'person'),
        _to(name, 'replaced_by_id', 'volunteer_certificate'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_certificate')),
        sa.UniqueConstraint('code', name=op.f('uq_volunteer_certificate_code')),
        sa.UniqueConstraint('number', name=op.f('uq_volunteer_certificate_number')),
        sa.UniqueConstraint('public_id', name=op.f('uq_volunteer_certificate_public_id')),
    )
    op.create_index('ix_volunteer_certificate_activity_id', name, ['activity_id'], unique=False)
    op.create_index('ix_volunteer_certificate_person_id', name, ['person_id'], unique=False)
    op.create_index('ix_volunteer_certificate_organisation_person', name, ['organisation_id', 'person_id'], unique=False)
    op.create_index(
        'uq_volunteer_certificate_valid', name, ['fingerprint'], unique=True,
        sqlite_where=VALID, postgresql_where=VALID,
    )


def downgrade() -> None:
    op.drop_table('volunteer_certificate')
    op.drop_table('volunteer_number')
    op.drop_table('volunteer_hours')
    op.drop_table('volunteer_mark')
