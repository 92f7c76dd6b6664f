"""Deliveries, changes, messages, files and follow-up of matches

Revision ID: 9a74568d0252
Revises: 9d52f0b6e8a1
Create Date: 2026-11-27 10:21:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '9a74568d0252'
down_revision = '9d52f0b6e8a1'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
SIDE = sa.Enum('need', 'offer', name='side', native_enum=False, length=32)
ANSWER = sa.Enum('pending', 'accepted', 'declined', name='answer', native_enum=False, length=32)
CONSENT = sa.Enum('spoken', 'written', 'phone', name='proxyconsent', native_enum=False, length=32)
PERIOD = sa.Enum('once', 'month', 'year', name='period', native_enum=False, length=32)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        'match_feedback',
        sa.Column('match_id', ID, nullable=False),
        sa.Column('side', SIDE, nullable=False),
        sa.Column('asked_at', MOMENT, nullable=False),
        sa.Column('reminded_at', MOMENT, nullable=True),
        sa.Column('given_at', MOMENT, nullable=True),
        sa.Column('given_by_id', ID, nullable=True),
        sa.Column('helped', sa.Integer(), nullable=True),
        sa.Column('again', sa.Enum('yes', 'no', 'unsure', name='again', native_enum=False, length=32), nullable=True),
        sa.Column('again_reason', sa.Enum('wrong_thing', 'quality', 'not_delivered', 'terms', 'time', 'too_far', 'other', name='againreason', native_enum=False, length=32), nullable=True),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('proxy_consent', CONSENT, nullable=True),
        sa.Column('proxy_note', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['given_by_id'], ['person.id'], name=op.f('fk_match_feedback_given_by_id_person')),
        sa.ForeignKeyConstraint(['match_id'], ['match.id'], name=op.f('fk_match_feedback_match_id_match')),
        sa.PrimaryKeyConstraint('match_id', 'side', name=op.f('pk_match_feedback')),
    )
    op.create_table(
        'match_follow_up',
        sa.Column('id', ID, nullable=False),
        sa.Column('match_id', ID, nullable=False),
        sa.Column('kind', sa.Enum('week', 'month', 'season', name='followupkind', native_enum=False, length=32), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('state', sa.Enum('open', 'done', 'skipped', name='followupstate', native_enum=False, length=32), nullable=False),
        sa.Column('told_at', MOMENT, nullable=True),
        sa.Column('closed_at', MOMENT, nullable=True),
        sa.Column('closed_by_id', ID, nullable=True),
        sa.Column('note', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['closed_by_id'], ['person.id'], name=op.f('fk_match_follow_up_closed_by_id_person')),
        sa.ForeignKeyConstraint(['match_id'], ['match.id'], name=op.f('fk_match_follow_up_match_id_match')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_match_follow_up')),
        sa.UniqueConstraint('match_id', 'kind', name=op.f('uq_match_follow_up_match_id_kind')),
    )
    with op.batch_alter_table('match_follow_up') as batch_op:
        batch_op.create_index('ix_match_follow_up_due', ['state', 'due_on'], unique=False)

    op.create_table(
        'match_message',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('match_id', ID, nullable=False),
        sa.Column('thread', sa.Enum('need', 'offer', 'both', 'notes', name='thread', native_enum=False, length=32), nullable=False),
        sa.Column('side', SIDE, nullable=True),
        sa.Column('author_id', ID, nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_match_message_author_id_person')),
        sa.ForeignKeyConstraint(['match_id'], ['match.id'], name=op.f('fk_match_message_match_id_match')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_match_message')),
        sa.UniqueConstraint('public_id', name=op.f('uq_match_message_public_id')),
    )
    with op.batch_alter_table('match_message') as batch_op:
        batch_op.create_index('ix_match_message_thread', ['match_id', 'thread', 'id'], unique=False)

    op.create_table(
        'commitment_change',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('match_id', ID, nullable=False),
        sa.Column('commitment_id', ID, nullable=False),
        sa.Column('state', sa.Enum('open', 'accepted', 'refused', 'taken_back', 'ended', name='changestate', native_enum=False, length=32), nullable=False),
        sa.Column('drops_rest', sa.Boolean(), nullable=False),
        sa.Column('taken_milli', sa.BigInteger(), nullable=False),
        sa.Column('covers_milli', sa.BigInteger(), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=True),
        sa.Column('former_taken_milli', sa.BigInteger(), nullable=False),
        sa.Column('former_covers_milli', sa.BigInteger(), nullable=False),
        sa.Column('former_due_on', sa.Date(), nullable=True),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('proposed_by_id', ID, nullable=False),
        sa.Column('proposed_at', MOMENT, nullable=False),
        sa.Column('need_answer', ANSWER, nullable=False),
        sa.Column('need_by_id', ID, nullable=True),
        sa.Column('offer_answer', ANSWER, nullable=False),
        sa.Column('offer_by_id', ID, nullable=True),
        sa.Column('proxy_consent', CONSENT, nullable=True),
        sa.Column('proxy_note', sa.Text(), nullable=False),
        sa.Column('closed_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['commitment_id'], ['commitment.id'], name=op.f('fk_commitment_change_commitment_id_commitment')),
        sa.ForeignKeyConstraint(['match_id'], ['match.id'], name=op.f('fk_commitment_change_match_id_match')),
        sa.ForeignKeyConstraint(['need_by_id'], ['person.id'], name=op.f('fk_commitment_change_need_by_id_person')),
        sa.ForeignKeyConstraint(['offer_by_id'], ['person.id'], name=op.f('fk_commitment_change_offer_by_id_person')),
        sa.ForeignKeyConstraint(['proposed_by_id'], ['person.id'], name=op.f('fk_commitment_change_proposed_by_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment_change')),
        sa.UniqueConstraint('public_id', name=op.f('uq_commitment_change_public_id')),
    )
    with op.batch_alter_table('commitment_change') as batch_op:
        batch_op.create_index(batch_op.f('ix_commitment_change_match_id'), ['match_id'], unique=False)
        batch_op.create_index('uq_commitment_change_open', ['commitment_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table(
        'match_delivery',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('match_id', ID, nullable=False),
        sa.Column('commitment_id', ID, nullable=False),
        sa.Column('milli', sa.BigInteger(), nullable=False),
        sa.Column('arrived_on', sa.Date(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('recorded_by_id', ID, nullable=False),
        sa.Column('recorded_at', MOMENT, nullable=False),
        sa.Column('receiver', SIDE, nullable=False),
        sa.Column('received_at', MOMENT, nullable=True),
        sa.Column('received_by_id', ID, nullable=True),
        sa.Column('given_at', MOMENT, nullable=True),
        sa.Column('given_by_id', ID, nullable=True),
        sa.Column('proxy_consent', CONSENT, nullable=True),
        sa.Column('proxy_note', sa.Text(), nullable=False),
        sa.Column('disputed_at', MOMENT, nullable=True),
        sa.Column('disputed_by_id', ID, nullable=True),
        sa.Column('dispute_note', sa.Text(), nullable=False),
        sa.Column('settled_at', MOMENT, nullable=True),
        sa.Column('settled_by_id', ID, nullable=True),
        sa.Column('struck_at', MOMENT, nullable=True),
        sa.Column('reminded_at', MOMENT, nullable=True),
        sa.Column('told_at', MOMENT, nullable=True),
        sa.CheckConstraint('milli > 0', name=op.f('ck_match_delivery_amount_positive')),
        sa.ForeignKeyConstraint(['commitment_id'], ['commitment.id'], name=op.f('fk_match_delivery_commitment_id_commitment')),
        sa.ForeignKeyConstraint(['disputed_by_id'], ['person.id'], name=op.f('fk_match_delivery_disputed_by_id_person')),
        sa.ForeignKeyConstraint(['given_by_id'], ['person.id'], name=op.f('fk_match_delivery_given_by_id_person')),
        sa.ForeignKeyConstraint(['match_id'], ['match.id'], name=op.f('fk_match_delivery_match_id_match')),
        sa.ForeignKeyConstraint(['received_by_id'], ['person.id'], name=op.f('fk_match_delivery_received_by_id_person')),
        sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_match_delivery_recorded_by_id_person')),
        sa.ForeignKeyConstraint(['settled_by_id'], ['person.id'], name=op.f('fk_match_delivery_settled_by_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_match_delivery')),
        sa.UniqueConstraint('public_id', name=op.f('uq_match_delivery_public_id')),
    )
    with op.batch_alter_table('match_delivery') as batch_op:
        batch_op.create_index(batch_op.f('ix_match_delivery_commitment_id'), ['commitment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_match_delivery_match_id'), ['match_id'], unique=False)
        batch_op.create_index('ix_match_delivery_unconfirmed', ['received_at', 'recorded_at'], unique=False)

    op.create_table(
        'match_file',
        sa.Column('id', ID, nullable=False),
        sa.Column('match_id', ID, nullable=False),
        sa.Column('delivery_id', ID, nullable=True),
        sa.Column('file_id', ID, nullable=False),
        sa.Column('is_internal', sa.Boolean(), nullable=False),
        sa.Column('caption', sa.String(length=200), nullable=False),
        sa.Column('added_by_id', ID, nullable=False),
        sa.Column('added_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_match_file_added_by_id_person')),
        sa.ForeignKeyConstraint(['delivery_id'], ['match_delivery.id'], name=op.f('fk_match_file_delivery_id_match_delivery')),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_match_file_file_id_stored_file')),
        sa.ForeignKeyConstraint(['match_id'], ['match.id'], name=op.f('fk_match_file_match_id_match')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_match_file')),
        sa.UniqueConstraint('file_id', name=op.f('uq_match_file_file_id')),
    )
    with op.batch_alter_table('match_file') as batch_op:
        batch_op.create_index(batch_op.f('ix_match_file_delivery_id'), ['delivery_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_match_file_match_id'), ['match_id'], unique=False)

    with op.batch_alter_table('contact_reveal') as batch_op:
        batch_op.add_column(sa.Column('as_side', SIDE, nullable=True))
        batch_op.add_column(sa.Column('last_at', MOMENT, nullable=True))
        batch_op.add_column(sa.Column('times', sa.Integer(), nullable=True))
    op.execute('UPDATE contact_reveal SET last_at = at, times = 1')
    with op.batch_alter_table('contact_reveal') as batch_op:
        batch_op.alter_column('last_at', existing_type=MOMENT, nullable=False)
        batch_op.alter_column('times', existing_type=sa.Integer(), nullable=False)

    with op.batch_alter_table('match_side') as batch_op:
        batch_op.add_column(sa.Column('contact_withdrawn_at', MOMENT, nullable=True))

    with op.batch_alter_table('outcome') as batch_op:
        batch_op.add_column(sa.Column('unit', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('income_fen', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('income_period', PERIOD, nullable=True))
        batch_op.add_column(sa.Column('saved_fen', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('saved_period', PERIOD, nullable=True))
        batch_op.add_column(sa.Column('lessons', sa.Text(), nullable=True))
    op.execute("UPDATE outcome SET unit = '', lessons = ''")
    with op.batch_alter_table('outcome') as batch_op:
        batch_op.alter_column('unit', existing_type=sa.String(length=20), nullable=False)
        batch_op.alter_column('lessons', existing_type=sa.Text(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table('outcome') as batch_op:
        batch_op.drop_column('lessons')
        batch_op.drop_column('saved_period')
        batch_op.drop_column('saved_fen')
        batch_op.drop_column('income_period')
        batch_op.drop_column('income_fen')
        batch_op.drop_column('unit')

    with op.batch_alter_table('match_side') as batch_op:
        batch_op.drop_column('contact_withdrawn_at')

    with op.batch_alter_table('contact_reveal') as batch_op:
        batch_op.drop_column('times')
        batch_op.drop_column('last_at')
        batch_op.drop_column('as_side')

    with op.batch_alter_table('match_file') as batch_op:
        batch_op.drop_index(batch_op.f('ix_match_file_match_id'))
        batch_op.drop_index(batch_op.f('ix_match_file_delivery_id'))

    op.drop_table('match_file')
    with op.batch_alter_table('match_delivery') as batch_op:
        batch_op.drop_index('ix_match_delivery_unconfirmed')
        batch_op.drop_index(batch_op.f('ix_match_delivery_match_id'))
        batch_op.drop_index(batch_op.f('ix_match_delivery_commitment_id'))

    op.drop_table('match_delivery')
    with op.batch_alter_table('commitment_change') as batch_op:
        batch_op.drop_index('uq_commitment_change_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_commitment_change_match_id'))

    op.drop_table('commitment_change')
    with op.batch_alter_table('match_message') as batch_op:
        batch_op.drop_index('ix_match_message_thread')

    op.drop_table('match_message')
    with op.batch_alter_table('match_follow_up') as batch_op:
        batch_op.drop_index('ix_match_follow_up_due')

    op.drop_table('match_follow_up')
    op.drop_table('match_feedback')
