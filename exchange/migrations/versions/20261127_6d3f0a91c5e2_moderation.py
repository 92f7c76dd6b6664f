"""Verification with files, record and expiry; reports, cases, holds and appeals

Revision ID: 6d3f0a91c5e2
Revises: f5a90c37d812
Create Date: 2026-11-27 10:40:00+00:00
"""

from calendar import monthrange
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = '6d3f0a91c5e2'
down_revision = 'f5a90c37d812'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text('decided_at IS NULL')
NOT_CLOSED = sa.text("state IN ('open', 'waiting')")
DECISIONS = ('granted', 'refused', 'more_wanted', 'suspended', 'lifted', 'lapsed', 'changed')
STANDINGS = ('unverified', 'submitted', 'verified', 'refused', 'suspended')
TARGETS = ('listing', 'organisation', 'person')
PARTS = ('need', 'offer', 'broker')
REASONS = ('wrong', 'fraud', 'private', 'offensive', 'child', 'duplicate', 'other')
STATES = ('open', 'waiting', 'closed')
VERDICTS = ('no_action', 'mend', 'hold', 'take_down', 'suspend', 'refer')
STEPS = (
    'held_by_itself', 'claimed', 'put_down', 'no_action', 'mend', 'changed', 'unanswered', 'hold',
    'take_down', 'suspend', 'refer', 'appealed', 'upheld', 'dismissed', 'lifted',
)
MONTHS = 24


def words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f'{other}.id'], name=op.f(f'fk_{table}_{column}_{other}')
    )


def upgrade() -> None:
    with op.batch_alter_table('organisation', schema=None) as batch:
        batch.add_column(sa.Column('verified_until', sa.Date(), nullable=True))
        batch.add_column(
            sa.Column('licence_number', sa.String(length=80), server_default='', nullable=False)
        )
        batch.add_column(sa.Column('licence_until', sa.Date(), nullable=True))
        batch.add_column(sa.Column('renewal_told_days', sa.Integer(), nullable=True))
        batch.create_index(batch.f('ix_organisation_verified_until'), ['verified_until'])
    with op.batch_alter_table('verification_request', schema=None) as batch:
        batch.add_column(
            sa.Column('renewal', sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch.add_column(
            sa.Column('licence_number', sa.String(length=80), server_default='', nullable=False)
        )
        batch.add_column(sa.Column('licence_until', sa.Date(), nullable=True))
        batch.add_column(sa.Column('claimed_by_id', ID, nullable=True))
        batch.add_column(sa.Column('claimed_at', MOMENT, nullable=True))
        batch.add_column(sa.Column('more_asked_at', MOMENT, nullable=True))
        batch.add_column(sa.Column('version', sa.Integer(), server_default='1', nullable=False))
        batch.create_foreign_key(
            batch.f('fk_verification_request_claimed_by_id_person'), 'person',
            ['claimed_by_id'], ['id'],
        )
    _verification_tables()
    _bring_over()
    op.create_index(
        'uq_verification_request_open', 'verification_request', ['organisation_id'], unique=True,
        sqlite_where=OPEN, postgresql_where=OPEN,
    )
    _moderation_tables()


def _verification_tables() -> None:
    op.create_table(
        'verification_decision',
        sa.Column('id', ID, nullable=False),
        sa.Column('organisation_id', ID, nullable=False),
        sa.Column('request_id', ID, nullable=True),
        sa.Column('kind', words('decisionkind', DECISIONS), nullable=False),
        sa.Column('before', words('verification', STANDINGS), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('checked', sa.JSON(), nullable=False),
        sa.Column('until', sa.Date(), nullable=True),
        sa.Column('at_centre', sa.Boolean(), nullable=False),
        sa.Column('by_id', ID, nullable=True),
        sa.Column('at', MOMENT, nullable=False),
        key('verification_decision', 'organisation_id', 'organisation'),
        key('verification_decision', 'request_id', 'verification_request'),
        key('verification_decision', 'by_id', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_verification_decision')),
    )
    op.create_index(
        op.f('ix_verification_decision_organisation_id'), 'verification_decision',
        ['organisation_id'],
    )
    op.create_table(
        'verification_file',
        sa.Column('request_id', ID, nullable=False),
        sa.Column('file_id', ID, nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        key('verification_file', 'request_id', 'verification_request'),
        key('verification_file', 'file_id', 'stored_file'),
        sa.PrimaryKeyConstraint('request_id', 'file_id', name=op.f('pk_verification_file')),
    )


def _bring_over() -> None:
    """Earlier decisions become the record; what is verified gets its last day, not too soon."""
    connection = op.get_bind()
    meta = sa.MetaData()
    request = sa.Table('verification_request', meta, autoload_with=connection)
    decision = sa.Table('verification_decision', meta, autoload_with=connection)
    organisation = sa.Table('organisation', meta, autoload_with=connection)
    rows = connection.execute(
        sa.select(request).where(request.c.decided_at.is_not(None)).order_by(request.c.id)
    ).mappings().all()
    for row in rows:
        if row['decided_by_id'] is None:
            kind = 'changed'
        elif row['granted']:
            kind = 'granted'
        else:
            alone = row['asked_by_id'] == row['decided_by_id'] and not row['evidence']
            kind = 'suspended' if alone else 'refused'
        before = {'suspended': 'verified', 'changed': 'submitted'}.get(kind, 'submitted')
        connection.execute(decision.insert().values(
            organisation_id=row['organisation_id'], request_id=row['id'], kind=kind, before=before,
            reason=row['reason'], checked=[], at_centre=False, by_id=row['decided_by_id'],
            at=row['decided_at'],
        ))
    _close_doubles(connection, request)
    verified = connection.execute(
        sa.select(organisation.c.id, organisation.c.verified_at).where(
            organisation.c.verification == 'verified',
            organisation.c.kind != 'social_work_station',
        )
    ).all()
    soonest = datetime.now().date() + timedelta(days=90)
    for organisation_id, at in verified:
        last = max(_later(at.date()), soonest) if at is not None else soonest
        connection.execute(
            organisation.update().where(organisation.c.id == organisation_id)
            .values(verified_until=last)
        )


def _close_doubles(connection: sa.Connection, request: sa.Table) -> None:
    newest = sa.select(sa.func.max(request.c.id)).where(request.c.decided_at.is_(None)).group_by(
        request.c.organisation_id
    )
    ids = [row[0] for row in connection.execute(newest)]
    connection.execute(
        request.update()
        .where(request.c.decided_at.is_(None), request.c.id.not_in(ids))
        .values(decided_at=request.c.asked_at, granted=False)
    )


def _later(day: date) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + MONTHS, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _moderation_tables() -> None:
    op.create_table(
        'moderation_case',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('kind', words('targetkind', TARGETS), nullable=False),
        sa.Column('target_key', sa.String(length=60), nullable=False),
        sa.Column('listing_id', ID, nullable=True),
        sa.Column('organisation_id', ID, nullable=True),
        sa.Column('match_id', ID, nullable=True),
        sa.Column('part', words('part', PARTS), nullable=True),
        sa.Column('about_person_id', ID, nullable=True),
        sa.Column('division_code', sa.String(length=12), nullable=False),
        sa.Column('at_centre', sa.Boolean(), nullable=False),
        sa.Column('unserved', sa.Boolean(), nullable=False),
        sa.Column('state', words('casestate', STATES), nullable=False),
        sa.Column('priority', sa.Integer(), nullable=False),
        sa.Column('claimed_by_id', ID, nullable=True),
        sa.Column('claimed_at', MOMENT, nullable=True),
        sa.Column('verdict', words('verdict', VERDICTS), nullable=True),
        sa.Column('decided_by_id', ID, nullable=True),
        sa.Column('decided_at', MOMENT, nullable=True),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('said', sa.Text(), nullable=False),
        sa.Column('overdue_told_at', MOMENT, nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('opened_at', MOMENT, nullable=False),
        sa.Column('closed_at', MOMENT, nullable=True),
        key('moderation_case', 'listing_id', 'listing'),
        key('moderation_case', 'organisation_id', 'organisation'),
        key('moderation_case', 'match_id', 'match'),
        key('moderation_case', 'about_person_id', 'person'),
        key('moderation_case', 'claimed_by_id', 'person'),
        key('moderation_case', 'decided_by_id', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_case')),
        sa.UniqueConstraint('public_id', name=op.f('uq_moderation_case_public_id')),
    )
    op.create_index(
        'uq_moderation_case_live_target', 'moderation_case', ['target_key'], unique=True,
        sqlite_where=NOT_CLOSED, postgresql_where=NOT_CLOSED,
    )
    op.create_index(
        'ix_moderation_case_state_priority', 'moderation_case', ['state', 'priority', 'id']
    )
    for column in ('division_code', 'listing_id', 'organisation_id', 'closed_at'):
        op.create_index(op.f(f'ix_moderation_case_{column}'), 'moderation_case', [column])
    op.create_table(
        'moderation_report',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('case_id', ID, nullable=False),
        sa.Column('reporter_id', ID, nullable=True),
        sa.Column('reason', words('reason', REASONS), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        key('moderation_report', 'case_id', 'moderation_case'),
        key('moderation_report', 'reporter_id', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_report')),
        sa.UniqueConstraint(
            'case_id', 'reporter_id', name=op.f('uq_moderation_report_case_id_reporter_id')
        ),
        sa.UniqueConstraint('public_id', name=op.f('uq_moderation_report_public_id')),
    )
    for column in ('case_id', 'reporter_id'):
        op.create_index(op.f(f'ix_moderation_report_{column}'), 'moderation_report', [column])
    op.create_table(
        'moderation_step',
        sa.Column('id', ID, nullable=False),
        sa.Column('case_id', ID, nullable=False),
        sa.Column('kind', words('stepkind', STEPS), nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('person_id', ID, nullable=True),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('said', sa.Text(), nullable=False),
        key('moderation_step', 'case_id', 'moderation_case'),
        key('moderation_step', 'person_id', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_step')),
    )
    op.create_index(op.f('ix_moderation_step_case_id'), 'moderation_step', ['case_id'])
    op.create_table(
        'moderation_hold',
        sa.Column('case_id', ID, nullable=False),
        sa.Column('listing_id', ID, nullable=False),
        sa.Column('held_at', MOMENT, nullable=False),
        sa.Column('released_at', MOMENT, nullable=True),
        key('moderation_hold', 'case_id', 'moderation_case'),
        key('moderation_hold', 'listing_id', 'listing'),
        sa.PrimaryKeyConstraint('case_id', 'listing_id', name=op.f('pk_moderation_hold')),
    )
    op.create_index(
        'ix_moderation_hold_listing_id', 'moderation_hold', ['listing_id', 'released_at']
    )
    op.create_table(
        'moderation_appeal',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('case_id', ID, nullable=False),
        sa.Column('verdict', words('verdict', VERDICTS), nullable=False),
        sa.Column('asked_by_id', ID, nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('decided_by_id', ID, nullable=True),
        sa.Column('decided_at', MOMENT, nullable=True),
        sa.Column('upheld', sa.Boolean(), nullable=True),
        sa.Column('answer', sa.Text(), nullable=False),
        key('moderation_appeal', 'case_id', 'moderation_case'),
        key('moderation_appeal', 'asked_by_id', 'person'),
        key('moderation_appeal', 'decided_by_id', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_appeal')),
        sa.UniqueConstraint(
            'case_id', 'verdict', name=op.f('uq_moderation_appeal_case_id_verdict')
        ),
        sa.UniqueConstraint('public_id', name=op.f('uq_moderation_appeal_public_id')),
    )


def downgrade() -> None:
    for table in ('appeal', 'hold', 'step', 'report', 'case'):
        op.drop_table(f'moderation_{table}')
    op.drop_table('verification_file')
    op.drop_table('verification_decision')
    op.drop_index('uq_verification_request_open', 'verification_request')
    with op.batch_alter_table('verification_request', schema=None) as batch:
        batch.drop_constraint('fk_verification_request_claimed_by_id_person', type_='foreignkey')
        for column in (
            'version', 'more_asked_at', 'claimed_at', 'claimed_by_id', 'licence_until',
            'licence_number', 'renewal',
        ):
            batch.drop_column(column)
    with op.batch_alter_table('organisation', schema=None) as batch:
        batch.drop_index('ix_organisation_verified_until')
        for column in ('renewal_told_days', 'licence_until', 'licence_number', 'verified_until'):
            batch.drop_column(column)
