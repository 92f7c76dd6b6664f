"""Time of volunteers: what they say of it, the offers kept in step, asking for substitutes

Revision ID: b6d20c8f4e17
Revises: 2f8c5d71b0e9
Create Date: 2026-11-27 21:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'b6d20c8f4e17'
down_revision = '2f8c5d71b0e9'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
EVERY_TIME = (1 << 21) - 1


def _code(*values: str) -> sa.Enum:
    return sa.Enum(*values, native_enum=False, length=32)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f'{other}.id'], name=op.f(f'fk_{table}_{column}_{other}'))


def upgrade() -> None:
    with op.batch_alter_table('listing') as batch:
        batch.add_column(
            sa.Column('form', _code('posted', 'availability'), nullable=False, server_default='posted')
        )
    _availability()
    _requests()


def _availability() -> None:
    name = 'volunteer_availability'
    op.create_table(
        name,
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('organisation_id', ID, nullable=False),
        sa.Column('listing_id', ID, nullable=True),
        sa.Column('skills', sa.JSON(), nullable=False),
        sa.Column('words', sa.String(length=200), nullable=False),
        sa.Column('times', sa.Integer(), nullable=False),
        sa.Column('from_date', sa.Date(), nullable=True),
        sa.Column('to_date', sa.Date(), nullable=True),
        sa.Column('pause_from', sa.Date(), nullable=True),
        sa.Column('pause_until', sa.Date(), nullable=True),
        sa.Column('division_code', sa.String(length=12), nullable=False),
        sa.Column('reach', _code('township', 'county', 'city', 'km_50', 'km_100'), nullable=False),
        sa.Column('tongues', sa.JSON(), nullable=False),
        sa.Column('dialect', sa.String(length=40), nullable=False),
        sa.Column('has_transport', sa.Boolean(), nullable=False),
        sa.Column('is_remote', sa.Boolean(), nullable=False),
        sa.Column('may_be_asked', sa.Boolean(), nullable=False),
        _moment('consented_at', nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('listed_version', sa.Integer(), nullable=False),
        _moment('created_at'),
        _moment('updated_at'),
        sa.CheckConstraint(
            f'times > 0 AND times <= {EVERY_TIME}',
            name=op.f('ck_volunteer_availability_times_of_a_week'),
        ),
        sa.CheckConstraint(
            'to_date IS NULL OR from_date IS NULL OR to_date >= from_date',
            name=op.f('ck_volunteer_availability_dates_in_order'),
        ),
        _to(name, 'person_id', 'person'),
        _to(name, 'organisation_id', 'organisation'),
        _to(name, 'listing_id', 'listing'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_availability')),
        sa.UniqueConstraint('public_id', name=op.f('uq_volunteer_availability_public_id')),
        sa.UniqueConstraint('person_id', name=op.f('uq_volunteer_availability_person_id')),
        sa.UniqueConstraint('listing_id', name=op.f('uq_volunteer_availability_listing_id')),
    )
    op.create_index('ix_volunteer_availability_division_code', name, ['division_code'])
    op.create_index(op.f('ix_volunteer_availability_organisation_id'), name, ['organisation_id'])


def _requests() -> None:
    name = 'volunteer_substitute_request'
    op.create_table(
        name,
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('shift_id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('asked_by_id', ID, nullable=True),
        _moment('asked_at'),
        sa.Column('reply', _code('open', 'comes', 'waits', 'no'), nullable=False),
        _moment('replied_at', nullable=True),
        _to(name, 'shift_id', 'volunteer_shift'),
        _to(name, 'person_id', 'person'),
        _to(name, 'asked_by_id', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_substitute_request')),
        sa.UniqueConstraint('public_id', name=op.f('uq_volunteer_substitute_request_public_id')),
        sa.UniqueConstraint(
            'shift_id', 'person_id', name=op.f('uq_volunteer_substitute_request_shift_id_person_id')
        ),
    )
    op.create_index('ix_volunteer_substitute_request_person_asked', name, ['person_id', 'asked_at'])
    op.create_index(op.f('ix_volunteer_substitute_request_asked_by_id'), name, ['asked_by_id'])


def downgrade() -> None:
    op.drop_table('volunteer_substitute_request')
    op.drop_table('volunteer_availability')
    with op.batch_alter_table('listing') as batch:
        batch.drop_column('form')
