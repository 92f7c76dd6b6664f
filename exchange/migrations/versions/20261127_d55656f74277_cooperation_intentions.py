"""Cooperation intentions with their talk, what projects wish for, and their way to a match.

Revision ID: d55656f74277
Revises: c41f7a92d0be
Create Date: 2026-11-27 17:30:15.000000+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'd55656f74277'
down_revision = 'c41f7a92d0be'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('project_intention',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('need_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.Enum('funds', 'technology', 'purchase', 'training', 'equipment', 'people', 'investment', 'other', name='intentionkind', native_enum=False, length=32), nullable=False),
    sa.Column('slot', sa.String(length=40), nullable=False),
    sa.Column('state', sa.Enum('declared', 'asked', 'accepted', 'fulfilled', 'failed', 'declined', 'withdrawn', 'lapsed', name='intentionstate', native_enum=False, length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('quantity_milli', sa.BigInteger(), nullable=True),
    sa.Column('unit', sa.String(length=16), nullable=True),
    sa.Column('terms', sa.Enum('free', 'subsidised', 'paid', 'cooperation', name='terms', native_enum=False, length=32), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('decline_reason', sa.Enum('not_wanted_now', 'found_elsewhere', 'terms', 'time', 'amount', 'other', name='declinereason', native_enum=False, length=32), nullable=True),
    sa.Column('close_note', sa.Text(), nullable=False),
    sa.Column('follow_up_on', sa.Date(), nullable=True),
    sa.Column('follow_up_told_on', sa.Date(), nullable=True),
    sa.Column('lapse_told_on', sa.Date(), nullable=True),
    sa.Column('answered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('quantity_milli IS NULL OR quantity_milli > 0', name=op.f('ck_project_intention_quantity_positive')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_project_intention_answered_by_id_person')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_project_intention_author_id_person')),
    sa.ForeignKeyConstraint(['need_id'], ['listing.id'], name=op.f('fk_project_intention_need_id_listing'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_project_intention_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_intention_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_intention')),
    sa.UniqueConstraint('public_id', name=op.f('uq_project_intention_public_id'))
    )
    with op.batch_alter_table('project_intention', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_intention_answered_by_id'), ['answered_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_intention_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_intention_need_id'), ['need_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_intention_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_intention_project_id'), ['project_id'], unique=False)
        batch_op.create_index('ix_project_intention_state_follow_up_on', ['state', 'follow_up_on'], unique=False)
        batch_op.create_index('ix_project_intention_state_until', ['state', 'until'], unique=False)
        batch_op.create_index('uq_project_intention_open', ['project_id', 'organisation_id', 'slot'], unique=True, sqlite_where=sa.text("state IN ('declared', 'asked')"), postgresql_where=sa.text("state IN ('declared', 'asked')"))
    op.create_table('project_wanted',
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.Enum('funds', 'technology', 'purchase', 'training', 'equipment', 'people', 'investment', 'other', name='intentionkind', native_enum=False, length=32), nullable=False),
    sa.Column('words', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_wanted_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'position', name=op.f('pk_project_wanted'))
    )
    op.create_table('intention_case',
    sa.Column('intention_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('offer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('match_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('refusal', sa.String(length=60), nullable=False),
    sa.Column('told', sa.String(length=60), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tried_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['intention_id'], ['project_intention.id'], name=op.f('fk_intention_case_intention_id_project_intention'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['match_id'], ['match.id'], name=op.f('fk_intention_case_match_id_match')),
    sa.ForeignKeyConstraint(['offer_id'], ['listing.id'], name=op.f('fk_intention_case_offer_id_listing')),
    sa.PrimaryKeyConstraint('intention_id', name=op.f('pk_intention_case')),
    sa.UniqueConstraint('match_id', name=op.f('uq_intention_case_match_id')),
    sa.UniqueConstraint('offer_id', name=op.f('uq_intention_case_offer_id'))
    )
    op.create_table('project_intention_message',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('intention_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('party', sa.Enum('declarer', 'project', 'worker', 'system', name='party', native_enum=False, length=32), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_project_intention_message_author_id_person')),
    sa.ForeignKeyConstraint(['intention_id'], ['project_intention.id'], name=op.f('fk_project_intention_message_intention_id_project_intention'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_intention_message'))
    )
    with op.batch_alter_table('project_intention_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_intention_message_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_intention_message_intention_id'), ['intention_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('project_intention_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_intention_message_intention_id'))
        batch_op.drop_index(batch_op.f('ix_project_intention_message_author_id'))
    op.drop_table('project_intention_message')
    op.drop_table('intention_case')
    op.drop_table('project_wanted')
    with op.batch_alter_table('project_intention', schema=None) as batch_op:
        batch_op.drop_index('uq_project_intention_open', sqlite_where=sa.text("state IN ('declared', 'asked')"), postgresql_where=sa.text("state IN ('declared', 'asked')"))
        batch_op.drop_index('ix_project_intention_state_until')
        batch_op.drop_index('ix_project_intention_state_follow_up_on')
        batch_op.drop_index(batch_op.f('ix_project_intention_project_id'))
        batch_op.drop_index(batch_op.f('ix_project_intention_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_project_intention_need_id'))
        batch_op.drop_index(batch_op.f('ix_project_intention_author_id'))
        batch_op.drop_index(batch_op.f('ix_project_intention_answered_by_id'))
    op.drop_table('project_intention')
