"""Volunteering: activities, their coordinators, roles and shifts, and who comes

Revision ID: 9d4f7c2b6e15
Revises: d65a4cbebdd6
Create Date: 2026-11-27 17:15:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '9d4f7c2b6e15'
down_revision = 'd65a4cbebdd6'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def _code(*values: str) -> sa.Enum:
    return sa.Enum(*values, native_enum=False, length=32)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f'{other}.id'], name=op.f(f'fk_{table}_{column}_{other}'), ondelete=ondelete
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(f'ix_{table}_{"_".join(columns)}', table, list(columns), unique=False)


def upgrade() -> None:
    _activities()
    _shifts()
    _signups()


def _activities() -> None:
    op.create_table(
        'volunteer_activity',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('organisation_id', ID, nullable=False),
        sa.Column('author_id', ID, nullable=True),
        sa.Column('state', _code('draft', 'published', 'cancelled', 'ended'), nullable=False),
        sa.Column('circle', _code('public', 'members'), nullable=False),
        sa.Column('work', _code('teaching', 'company', 'medical', 'environment', 'farming', 'culture', 'training', 'event', 'repair', 'emergency', 'other'), nullable=False),
        sa.Column('title', sa.String(length=60), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('lang', sa.String(length=8), nullable=False),
        sa.Column('division_code', sa.String(length=12), nullable=False),
        sa.Column('place', sa.String(length=120), nullable=False),
        sa.Column('meeting_point', sa.String(length=120), nullable=False),
        sa.Column('safety_note', sa.Text(), nullable=False),
        sa.Column('skills', sa.JSON(), nullable=False),
        sa.Column('min_age', sa.Integer(), nullable=False),
        sa.Column('max_age', sa.Integer(), nullable=True),
        sa.Column('guardian_needed', sa.Boolean(), nullable=False),
        sa.Column('with_children', sa.Boolean(), nullable=False),
        sa.Column('is_outdoor', sa.Boolean(), nullable=False),
        sa.Column('warning_days', sa.Integer(), nullable=False),
        sa.Column('copied_from_id', ID, nullable=True),
        sa.Column('cancel_reason', sa.String(length=500), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        _moment('created_at'),
        _moment('updated_at'),
        _moment('published_at', nullable=True),
        _moment('ended_at', nullable=True),
        sa.CheckConstraint('min_age >= 0', name=op.f('ck_volunteer_activity_min_age_positive')),
        sa.CheckConstraint('max_age IS NULL OR max_age >= min_age', name=op.f('ck_volunteer_activity_ages_in_order')),
        _to('volunteer_activity', 'organisation_id', 'organisation'),
        _to('volunteer_activity', 'author_id', 'person'),
        _to('volunteer_activity', 'copied_from_id', 'volunteer_activity', 'SET NULL'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_activity')),
        sa.UniqueConstraint('public_id', name=op.f('uq_volunteer_activity_public_id')),
    )
    for column in ('organisation_id', 'author_id', 'division_code', 'copied_from_id', 'updated_at'):
        _index('volunteer_activity', column)
    op.create_index('ix_volunteer_activity_state_division', 'volunteer_activity', ['state', 'division_code'], unique=False)
    op.create_table(
        'volunteer_coordinator',
        sa.Column('activity_id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        _moment('named_at'),
        _to('volunteer_coordinator', 'activity_id', 'volunteer_activity', 'CASCADE'),
        _to('volunteer_coordinator', 'person_id', 'person'),
        sa.PrimaryKeyConstraint('activity_id', 'person_id', name=op.f('pk_volunteer_coordinator')),
    )
    _index('volunteer_coordinator', 'person_id')
    op.create_table(
        'volunteer_role',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('activity_id', ID, nullable=False),
        sa.Column('name', sa.String(length=40), nullable=False),
        sa.Column('skills', sa.JSON(), nullable=False),
        sa.Column('note', sa.String(length=500), nullable=False),
        _to('volunteer_role', 'activity_id', 'volunteer_activity', 'CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_role')),
        sa.UniqueConstraint('public_id', name=op.f('uq_volunteer_role_public_id')),
    )
    _index('volunteer_role', 'activity_id')


def _shifts() -> None:
    op.create_table(
        'volunteer_series',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('activity_id', ID, nullable=False),
        sa.Column('repeat', _code('weekly', 'fortnightly', 'monthly_day', 'monthly_weekday'), nullable=False),
        sa.Column('first_on', sa.Date(), nullable=False),
        sa.Column('until_on', sa.Date(), nullable=False),
        _moment('created_at'),
        _to('volunteer_series', 'activity_id', 'volunteer_activity', 'CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_series')),
        sa.UniqueConstraint('public_id', name=op.f('uq_volunteer_series_public_id')),
    )
    _index('volunteer_series', 'activity_id')
    op.create_table(
        'volunteer_shift',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('activity_id', ID, nullable=False),
        sa.Column('role_id', ID, nullable=True),
        sa.Column('series_id', ID, nullable=True),
        _moment('starts_at'),
        _moment('ends_at'),
        sa.Column('place', sa.String(length=120), nullable=False),
        sa.Column('minimum', sa.Integer(), nullable=False),
        sa.Column('maximum', sa.Integer(), nullable=False),
        sa.Column('taken', sa.Integer(), nullable=False),
        sa.Column('last_number', sa.Integer(), nullable=False),
        sa.Column('state', _code('open', 'cancelled'), nullable=False),
        sa.Column('cancel_reason', sa.String(length=500), nullable=False),
        _moment('moved_at', nullable=True),
        _moment('short_told_at', nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        _moment('created_at'),
        _moment('updated_at'),
        sa.CheckConstraint('taken >= 0 AND taken <= maximum', name=op.f('ck_volunteer_shift_taken_within_maximum')),
        sa.CheckConstraint('minimum >= 0 AND minimum <= maximum', name=op.f('ck_volunteer_shift_minimum_within_maximum')),
        sa.CheckConstraint('maximum >= 1', name=op.f('ck_volunteer_shift_maximum_positive')),
        sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_volunteer_shift_ends_after_start')),
        _to('volunteer_shift', 'activity_id', 'volunteer_activity', 'CASCADE'),
        _to('volunteer_shift', 'role_id', 'volunteer_role'),
        _to('volunteer_shift', 'series_id', 'volunteer_series'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_shift')),
        sa.UniqueConstraint('public_id', name=op.f('uq_volunteer_shift_public_id')),
    )
    _index('volunteer_shift', 'role_id')
    _index('volunteer_shift', 'series_id')
    op.create_index('ix_volunteer_shift_activity_starts', 'volunteer_shift', ['activity_id', 'starts_at'], unique=False)
    op.create_index('ix_volunteer_shift_state_starts', 'volunteer_shift', ['state', 'starts_at'], unique=False)


def _signups() -> None:
    op.create_table(
        'volunteer_signup',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('shift_id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('organisation_id', ID, nullable=True),
        sa.Column('state', _code('signed_up', 'waiting', 'declined', 'cancelled'), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('note', sa.String(length=500), nullable=False),
        _moment('answered_at'),
        _moment('moved_up_at', nullable=True),
        _moment('asked_at', nullable=True),
        _moment('confirmed_at', nullable=True),
        _moment('day_told_at', nullable=True),
        _moment('hours_told_at', nullable=True),
        _moment('created_at'),
        _moment('updated_at'),
        _to('volunteer_signup', 'shift_id', 'volunteer_shift'),
        _to('volunteer_signup', 'person_id', 'person'),
        _to('volunteer_signup', 'organisation_id', 'organisation'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_signup')),
        sa.UniqueConstraint('public_id', name=op.f('uq_volunteer_signup_public_id')),
        sa.UniqueConstraint('shift_id', 'person_id', name=op.f('uq_volunteer_signup_shift_id_person_id')),
    )
    _index('volunteer_signup', 'organisation_id')
    op.create_index('ix_volunteer_signup_shift_state', 'volunteer_signup', ['shift_id', 'state', 'number'], unique=False)
    op.create_index('ix_volunteer_signup_person_state', 'volunteer_signup', ['person_id', 'state'], unique=False)


def downgrade() -> None:
    op.drop_table('volunteer_signup')
    op.drop_table('volunteer_shift')
    op.drop_table('volunteer_series')
    op.drop_table('volunteer_role')
    op.drop_table('volunteer_coordinator')
    op.drop_table('volunteer_activity')
