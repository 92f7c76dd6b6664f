"""Safeguarding: ages of volunteers, guardians' consents, checks for work with children

Revision ID: 5e1c7b94d3a8
Revises: e7b41c9a5d20
Create Date: 2026-11-27 21:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '5e1c7b94d3a8'
down_revision = 'e7b41c9a5d20'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
STANDS = sa.text('ended_at IS NULL')


def _code(*values: str) -> sa.Enum:
    return sa.Enum(*values, native_enum=False, length=32)


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, ID, nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _public(table: str) -> tuple[sa.Column, sa.UniqueConstraint]:
    return (
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.UniqueConstraint('public_id', name=op.f(f'uq_{table}_public_id')),
    )


def _to(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f'{other}.id'], name=op.f(f'fk_{table}_{column}_{other}'), ondelete=ondelete
    )


def upgrade() -> None:
    _ages()
    _consents()
    _checks()
    _asks()


def _ages() -> None:
    name = 'volunteer_age'
    public, unique = _public(name)
    op.create_table(
        name,
        _id('id'),
        public,
        _id('person_id'),
        sa.Column('adult_declared_on', sa.Date(), nullable=True),
        sa.Column('birth_sealed', sa.Text(), nullable=True),
        _moment('stated_at'),
        sa.CheckConstraint(
            '(adult_declared_on IS NULL) != (birth_sealed IS NULL)',
            name=op.f('ck_volunteer_age_adult_or_birth'),
        ),
        _to(name, 'person_id', 'person', 'CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_age')),
        unique,
        sa.UniqueConstraint('person_id', name=op.f('uq_volunteer_age_person_id')),
    )


def _consents() -> None:
    name = 'guardian_consent'
    public, unique = _public(name)
    op.create_table(
        name,
        _id('id'),
        public,
        _id('person_id'),
        _id('organisation_id'),
        _id('activity_id', nullable=True),
        sa.Column('way', _code('spoken', 'written', 'photo', 'link'), nullable=False),
        sa.Column('private_sealed', sa.Text(), nullable=True),
        sa.Column('link_sealed', sa.Text(), nullable=True),
        sa.Column('consent_on', sa.Date(), nullable=True),
        sa.Column('valid_until', sa.Date(), nullable=True),
        _id('recorded_by_id', nullable=True),
        _moment('recorded_at'),
        _moment('refused_at', nullable=True),
        _moment('withdrawn_at', nullable=True),
        _id('withdrawn_by_id', nullable=True),
        _moment('reminded_at', nullable=True),
        _moment('forgotten_at', nullable=True),
        sa.CheckConstraint(
            '(consent_on IS NULL) = (valid_until IS NULL)',
            name=op.f('ck_guardian_consent_given_has_an_end'),
        ),
        sa.CheckConstraint(
            'valid_until IS NULL OR valid_until >= consent_on',
            name=op.f('ck_guardian_consent_ends_after'),
        ),
        _to(name, 'person_id', 'person'),
        _to(name, 'organisation_id', 'organisation'),
        _to(name, 'activity_id', 'volunteer_activity', 'CASCADE'),
        _to(name, 'recorded_by_id', 'person'),
        _to(name, 'withdrawn_by_id', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_guardian_consent')),
        unique,
    )
    op.create_index(op.f('ix_guardian_consent_person_id'), name, ['person_id'])
    op.create_index(op.f('ix_guardian_consent_activity_id'), name, ['activity_id'])
    op.create_index(
        'ix_guardian_consent_organisation_until', name, ['organisation_id', 'valid_until']
    )
    files = 'guardian_consent_file'
    op.create_table(
        files,
        _id('consent_id'),
        _id('file_id'),
        sa.Column('position', sa.Integer(), nullable=False),
        _to(files, 'consent_id', 'guardian_consent'),
        _to(files, 'file_id', 'stored_file'),
        sa.PrimaryKeyConstraint('consent_id', 'file_id', name=op.f('pk_guardian_consent_file')),
    )


def _checks() -> None:
    name = 'children_check'
    public, unique = _public(name)
    op.create_table(
        name,
        _id('id'),
        public,
        _id('person_id'),
        _id('organisation_id'),
        _id('checked_by_id'),
        sa.Column('checked_on', sa.Date(), nullable=False),
        sa.Column('expires_on', sa.Date(), nullable=False),
        _id('recorded_by_id', nullable=True),
        _moment('recorded_at'),
        _moment('objected_at', nullable=True),
        _moment('reminded_at', nullable=True),
        _moment('ended_at', nullable=True),
        _id('ended_by_id', nullable=True),
        sa.CheckConstraint('expires_on > checked_on', name=op.f('ck_children_check_expires_after')),
        _to(name, 'person_id', 'person'),
        _to(name, 'organisation_id', 'organisation'),
        _to(name, 'checked_by_id', 'organisation'),
        _to(name, 'recorded_by_id', 'person'),
        _to(name, 'ended_by_id', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_children_check')),
        unique,
    )
    op.create_index(
        'uq_children_check_stands',
        name,
        ['person_id', 'organisation_id'],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
    op.create_index(
        'ix_children_check_organisation_expires', name, ['organisation_id', 'expires_on']
    )


def _asks() -> None:
    name = 'safeguard_ask'
    public, unique = _public(name)
    op.create_table(
        name,
        _id('id'),
        public,
        _id('person_id'),
        _id('organisation_id'),
        _id('activity_id', nullable=True),
        sa.Column('kind', _code('consent', 'check'), nullable=False),
        sa.Column('private_sealed', sa.Text(), nullable=True),
        _moment('asked_at'),
        _to(name, 'person_id', 'person'),
        _to(name, 'organisation_id', 'organisation'),
        _to(name, 'activity_id', 'volunteer_activity', 'CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_safeguard_ask')),
        unique,
        sa.UniqueConstraint(
            'person_id',
            'organisation_id',
            'kind',
            name=op.f('uq_safeguard_ask_person_id_organisation_id_kind'),
        ),
    )
    op.create_index(op.f('ix_safeguard_ask_organisation_id'), name, ['organisation_id'])
    op.create_index(op.f('ix_safeguard_ask_activity_id'), name, ['activity_id'])
    watch = 'children_watch'
    op.create_table(
        watch,
        _id('shift_id'),
        _moment('adults_told_at', nullable=True),
        sa.Column('unchecked_told', sa.Integer(), nullable=False),
        _to(watch, 'shift_id', 'volunteer_shift', 'CASCADE'),
        sa.PrimaryKeyConstraint('shift_id', name=op.f('pk_children_watch')),
    )


def downgrade() -> None:
    for table in (
        'children_watch',
        'safeguard_ask',
        'children_check',
        'guardian_consent_file',
        'guardian_consent',
        'volunteer_age',
    ):
        op.drop_table(table)
