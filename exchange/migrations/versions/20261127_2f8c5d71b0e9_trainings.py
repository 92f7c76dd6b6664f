"""Trainings of volunteers: materials, tries of questions, completions, what activities ask for

Revision ID: 2f8c5d71b0e9
Revises: 5e1c7b94d3a8
Create Date: 2026-11-27 21:05:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '2f8c5d71b0e9'
down_revision = '5e1c7b94d3a8'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
STANDING = sa.text('revoked_at IS NULL')


def _code(*values: str) -> sa.Enum:
    return sa.Enum(*values, native_enum=False, length=32)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f'{other}.id'], name=op.f(f'fk_{table}_{column}_{other}'), ondelete=ondelete
    )


def upgrade() -> None:
    _trainings()
    _materials()
    _tries()
    _completions()
    _required()


def _trainings() -> None:
    name = 'volunteer_training'
    op.create_table(
        name,
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('organisation_id', ID, nullable=False),
        sa.Column('author_id', ID, nullable=True),
        sa.Column('activity_id', ID, nullable=True),
        sa.Column('state', _code('draft', 'published', 'withdrawn'), nullable=False),
        sa.Column('circle', _code('public', 'members'), nullable=False),
        sa.Column('title', sa.String(length=60), nullable=False),
        sa.Column('learns', sa.Text(), nullable=False),
        sa.Column('for_whom', sa.String(length=200), nullable=False),
        sa.Column('lang', sa.String(length=8), nullable=False),
        sa.Column('division_code', sa.String(length=12), nullable=True),
        sa.Column('place', sa.String(length=120), nullable=False),
        sa.Column('valid_months', sa.Integer(), nullable=True),
        sa.Column('questions', sa.JSON(), nullable=False),
        sa.Column('pass_mark', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        _moment('created_at'),
        _moment('updated_at'),
        _moment('published_at', nullable=True),
        _moment('ended_at', nullable=True),
        sa.CheckConstraint('valid_months IS NULL OR valid_months > 0', name=op.f('ck_volunteer_training_months_positive')),
        sa.CheckConstraint('pass_mark >= 0 AND pass_mark <= 5', name=op.f('ck_volunteer_training_pass_mark_in_range')),
        _to(name, 'organisation_id', 'organisation'),
        _to(name, 'author_id', 'person'),
        _to(name, 'activity_id', 'volunteer_activity', 'SET NULL'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_training')),
        sa.UniqueConstraint('public_id', name=op.f('uq_volunteer_training_public_id')),
    )
    for column in ('organisation_id', 'author_id', 'activity_id', 'division_code', 'updated_at'):
        op.create_index(f'ix_{name}_{column}', name, [column], unique=False)
    op.create_index('ix_volunteer_training_state_division', name, ['state', 'division_code'], unique=False)


def _materials() -> None:
    name = 'volunteer_material'
    op.create_table(
        name,
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('training_id', ID, nullable=False),
        sa.Column('kind', _code('text', 'file', 'link'), nullable=False),
        sa.Column('title', sa.String(length=60), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('url', sa.String(length=500), nullable=False),
        sa.Column('file_id', ID, nullable=True),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('added_by_id', ID, nullable=True),
        _moment('created_at'),
        _moment('updated_at'),
        _to(name, 'training_id', 'volunteer_training', 'CASCADE'),
        _to(name, 'file_id', 'stored_file'),
        _to(name, 'added_by_id', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_material')),
        sa.UniqueConstraint('public_id', name=op.f('uq_volunteer_material_public_id')),
    )
    op.create_index('ix_volunteer_material_training_id', name, ['training_id'], unique=False)
    op.create_index('ix_volunteer_material_file_id', name, ['file_id'], unique=False)


def _tries() -> None:
    name = 'volunteer_training_try'
    op.create_table(
        name,
        sa.Column('id', ID, nullable=False),
        sa.Column('training_id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('right_count', sa.Integer(), nullable=False),
        sa.Column('asked', sa.Integer(), nullable=False),
        sa.Column('passed', sa.Boolean(), nullable=False),
        _moment('tried_at'),
        _to(name, 'training_id', 'volunteer_training', 'CASCADE'),
        _to(name, 'person_id', 'person', 'CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_training_try')),
    )
    op.create_index('ix_volunteer_training_try_training_id', name, ['training_id'], unique=False)
    op.create_index(
        'ix_volunteer_training_try_person', name, ['person_id', 'training_id', 'tried_at'], unique=False
    )


def _completions() -> None:
    name = 'volunteer_completion'
    op.create_table(
        name,
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('training_id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('way', _code('attended', 'passed'), nullable=False),
        sa.Column('shift_id', ID, nullable=True),
        sa.Column('completed_on', sa.Date(), nullable=False),
        sa.Column('expires_on', sa.Date(), nullable=True),
        sa.Column('recorded_by_id', ID, nullable=True),
        _moment('recorded_at'),
        _moment('told_at', nullable=True),
        _moment('revoked_at', nullable=True),
        sa.Column('revoked_by_id', ID, nullable=True),
        sa.Column('revoke_reason', sa.String(length=200), nullable=False),
        sa.CheckConstraint('expires_on IS NULL OR expires_on >= completed_on', name=op.f('ck_volunteer_completion_expiry_after_completion')),
        _to(name, 'training_id', 'volunteer_training'),
        _to(name, 'person_id', 'person'),
        _to(name, 'shift_id', 'volunteer_shift'),
        _to(name, 'recorded_by_id', 'person'),
        _to(name, 'revoked_by_id', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_completion')),
        sa.UniqueConstraint('public_id', name=op.f('uq_volunteer_completion_public_id')),
    )
    op.create_index('ix_volunteer_completion_shift_id', name, ['shift_id'], unique=False)
    op.create_index('ix_volunteer_completion_person', name, ['person_id', 'training_id'], unique=False)
    op.create_index('ix_volunteer_completion_expiry', name, ['expires_on', 'told_at'], unique=False)
    op.create_index(
        'uq_volunteer_completion_standing', name, ['training_id', 'person_id', 'completed_on'],
        unique=True, sqlite_where=STANDING, postgresql_where=STANDING,
    )


def _required() -> None:
    name = 'volunteer_required_training'
    op.create_table(
        name,
        sa.Column('activity_id', ID, nullable=False),
        sa.Column('training_id', ID, nullable=False),
        _moment('required_at'),
        _to(name, 'activity_id', 'volunteer_activity', 'CASCADE'),
        _to(name, 'training_id', 'volunteer_training', 'CASCADE'),
        sa.PrimaryKeyConstraint('activity_id', 'training_id', name=op.f('pk_volunteer_required_training')),
    )
    op.create_index('ix_volunteer_required_training_training_id', name, ['training_id'], unique=False)


def downgrade() -> None:
    op.drop_table('volunteer_required_training')
    op.drop_table('volunteer_completion')
    op.drop_table('volunteer_training_try')
    op.drop_table('volunteer_material')
    op.drop_table('volunteer_training')
