"""When proposals lapse, signed links, and listings that come back by themselves

Revision ID: 9d52f0b6e8a1
Revises: b90d3e5a17f8
Create Date: 2026-11-27 10:20:00+00:00
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = '9d52f0b6e8a1'
down_revision = 'b90d3e5a17f8'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
PURPOSES = ('answer', 'renew')
OPEN = sa.text('used_at IS NULL AND closed_at IS NULL')
# What was asked before a centre could set anything lapses as it would have then.
LAPSE, REMIND = timedelta(days=14), timedelta(days=11)


def upgrade() -> None:
    with op.batch_alter_table('match') as batch:
        batch.add_column(sa.Column('remind_at', sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('lapses_at', sa.DateTime(timezone=True), nullable=True))
        batch.create_index('ix_match_state_lapses_at', ['state', 'lapses_at'])
    with op.batch_alter_table('match_side') as batch:
        batch.add_column(sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('listing') as batch:
        batch.add_column(sa.Column('expiry_told_days', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('parked_until', sa.Date(), nullable=True))
        batch.create_index('ix_listing_state_parked_until', ['state', 'parked_until'])
    _set_days_of_open_proposals()
    op.execute("UPDATE listing SET expiry_told_days = 7 WHERE expiry_told_at IS NOT NULL")
    op.create_table(
        'signed_link',
        sa.Column('id', ID, nullable=False),
        sa.Column('token_hash', sa.String(length=64), nullable=False),
        sa.Column('binding', sa.String(length=64), nullable=False),
        sa.Column('purpose', sa.Enum(*PURPOSES, name='linkpurpose', native_enum=False, length=32), nullable=False),
        sa.Column('subject', sa.String(length=60), nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('organisation_id', ID, nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_signed_link_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_signed_link_person_id_person'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_signed_link')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_signed_link_token_hash')),
    )
    op.create_index('uq_signed_link_open', 'signed_link', ['purpose', 'subject', 'person_id'], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index('ix_signed_link_expires_at', 'signed_link', ['expires_at'])
    op.create_index(op.f('ix_signed_link_person_id'), 'signed_link', ['person_id'])


def _set_days_of_open_proposals() -> None:
    match = sa.table(
        'match', sa.column('id', ID), sa.column('state', sa.String()),
        sa.column('proposed_at', sa.DateTime(timezone=True)),
        sa.column('remind_at', sa.DateTime(timezone=True)),
        sa.column('lapses_at', sa.DateTime(timezone=True)),
    )
    bind = op.get_bind()
    query = sa.select(match.c.id, match.c.proposed_at)
    rows = bind.execute(query.where(match.c.state == 'proposed', match.c.proposed_at.is_not(None))).all()
    for match_id, asked_at in rows:
        days = {'remind_at': asked_at + REMIND, 'lapses_at': asked_at + LAPSE}
        bind.execute(sa.update(match).where(match.c.id == match_id).values(days))


def downgrade() -> None:
    op.drop_table('signed_link')
    with op.batch_alter_table('listing') as batch:
        batch.drop_index('ix_listing_state_parked_until')
        batch.drop_column('parked_until')
        batch.drop_column('expiry_told_days')
    with op.batch_alter_table('match_side') as batch:
        batch.drop_column('reminded_at')
    with op.batch_alter_table('match') as batch:
        batch.drop_index('ix_match_state_lapses_at')
        batch.drop_column('lapses_at')
        batch.drop_column('remind_at')
