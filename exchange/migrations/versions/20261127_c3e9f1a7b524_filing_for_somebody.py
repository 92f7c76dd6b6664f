"""Listings filed for somebody without a phone, and numbers of paper forms

Revision ID: c3e9f1a7b524
Revises: 9a74568d0252
Create Date: 2026-11-27 14:10:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'c3e9f1a7b524'
down_revision = '9a74568d0252'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
PROXIED = sa.text("code = 'proxy_consent'")
DOOR = sa.Enum('help', 'sell', 'offer', name='door', native_enum=False, length=32)
CONSENT = sa.Enum('spoken', 'written', 'photo', name='filingconsent', native_enum=False, length=32)


def upgrade() -> None:
    op.create_table(
        'paper_form',
        sa.Column('id', ID, nullable=False),
        sa.Column('batch', sa.String(length=20), nullable=False),
        sa.Column('organisation_id', ID, nullable=False),
        sa.Column('printed_by_id', ID, nullable=False),
        sa.Column('printed_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_paper_form_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['printed_by_id'], ['person.id'], name=op.f('fk_paper_form_printed_by_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_form')),
    )
    with op.batch_alter_table('paper_form') as batch_op:
        batch_op.create_index(batch_op.f('ix_paper_form_batch'), ['batch'], unique=False)

    op.create_table(
        'listing_filing',
        sa.Column('listing_id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('form_id', ID, nullable=True),
        sa.Column('door', DOOR, nullable=False),
        sa.Column('private_sealed', sa.Text(), nullable=True),
        sa.Column('made_by_id', ID, nullable=False),
        sa.Column('made_at', MOMENT, nullable=False),
        sa.Column('consent', CONSENT, nullable=True),
        sa.Column('consent_on', sa.Date(), nullable=True),
        sa.Column('heard_by', sa.String(length=80), nullable=False),
        sa.Column('read_back', sa.Boolean(), nullable=False),
        sa.Column('to_introduce', sa.Boolean(), nullable=False),
        sa.Column('recorded_by_id', ID, nullable=True),
        sa.Column('recorded_at', MOMENT, nullable=True),
        sa.Column('withdrawn_at', MOMENT, nullable=True),
        sa.Column('withdrawn_by_id', ID, nullable=True),
        sa.Column('forgotten_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['form_id'], ['paper_form.id'], name=op.f('fk_listing_filing_form_id_paper_form')),
        sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_listing_filing_listing_id_listing')),
        sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_listing_filing_made_by_id_person')),
        sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_listing_filing_recorded_by_id_person')),
        sa.ForeignKeyConstraint(['withdrawn_by_id'], ['person.id'], name=op.f('fk_listing_filing_withdrawn_by_id_person')),
        sa.PrimaryKeyConstraint('listing_id', name=op.f('pk_listing_filing')),
        sa.UniqueConstraint('form_id', name=op.f('uq_listing_filing_form_id')),
        sa.UniqueConstraint('public_id', name=op.f('uq_listing_filing_public_id')),
    )
    with op.batch_alter_table('listing_filing') as batch_op:
        batch_op.create_index('ix_listing_filing_kept', ['forgotten_at', 'withdrawn_at'], unique=False)
        batch_op.create_index('ix_listing_filing_made', ['made_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_listing_filing_made_by_id'), ['made_by_id'], unique=False)

    op.create_table(
        'filing_file',
        sa.Column('listing_id', ID, nullable=False),
        sa.Column('file_id', ID, nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_filing_file_file_id_stored_file')),
        sa.ForeignKeyConstraint(['listing_id'], ['listing_filing.listing_id'], name=op.f('fk_filing_file_listing_id_listing_filing')),
        sa.PrimaryKeyConstraint('listing_id', 'file_id', name=op.f('pk_filing_file')),
    )
    op.create_table(
        'filing_reveal',
        sa.Column('listing_id', ID, nullable=False),
        sa.Column('shown_to_id', ID, nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('last_at', MOMENT, nullable=False),
        sa.Column('times', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['listing_id'], ['listing_filing.listing_id'], name=op.f('fk_filing_reveal_listing_id_listing_filing')),
        sa.ForeignKeyConstraint(['shown_to_id'], ['person.id'], name=op.f('fk_filing_reveal_shown_to_id_person')),
        sa.PrimaryKeyConstraint('listing_id', 'shown_to_id', name=op.f('pk_filing_reveal')),
    )

    with op.batch_alter_table('match_timeline') as batch_op:
        batch_op.create_index('ix_match_timeline_proxied', ['at'], unique=False, sqlite_where=PROXIED, postgresql_where=PROXIED)
    _note_earlier_consents()


def _note_earlier_consents() -> None:
    """What proxies have said so far gets the step that is written from now on."""
    side = sa.table('match_side', *map(sa.column, ('match_id', 'side', 'answered_by_id', 'proxy_consent', 'proxy_note')), sa.column('answered_at', MOMENT))
    timeline = sa.table('match_timeline', *map(sa.column, ('match_id', 'person_id', 'code', 'note', 'is_internal')), sa.column('at', MOMENT), sa.column('params', sa.JSON()))
    bind = op.get_bind()
    spoken = sa.and_(side.c.proxy_consent.is_not(None), side.c.answered_at.is_not(None))
    rows = [
        {
            'match_id': row.match_id, 'person_id': row.answered_by_id, 'at': row.answered_at,
            'code': 'proxy_consent', 'note': row.proxy_note, 'is_internal': True,
            'params': {'side': row.side, 'kind': row.proxy_consent},
        }
        for row in bind.execute(sa.select(side).where(spoken))
    ]
    if rows:
        bind.execute(sa.insert(timeline), rows)


def downgrade() -> None:
    op.execute("DELETE FROM match_timeline WHERE code = 'proxy_consent'")
    with op.batch_alter_table('match_timeline') as batch_op:
        batch_op.drop_index('ix_match_timeline_proxied', sqlite_where=PROXIED, postgresql_where=PROXIED)
    op.drop_table('filing_reveal')
    op.drop_table('filing_file')
    with op.batch_alter_table('listing_filing') as batch_op:
        batch_op.drop_index(batch_op.f('ix_listing_filing_made_by_id'))
        batch_op.drop_index('ix_listing_filing_made')
        batch_op.drop_index('ix_listing_filing_kept')
    op.drop_table('listing_filing')
    with op.batch_alter_table('paper_form') as batch_op:
        batch_op.drop_index(batch_op.f('ix_paper_form_batch'))
    op.drop_table('paper_form')
