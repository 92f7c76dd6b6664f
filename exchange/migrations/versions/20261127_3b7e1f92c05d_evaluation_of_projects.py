"""Evaluation of projects: rounds, what each side says, results, villagers' answers and words.

Revision ID: 3b7e1f92c05d
Revises: bd69d2a64453
Create Date: 2026-11-27 17:30:00.000000+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '3b7e1f92c05d'
down_revision = 'bd69d2a64453'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('evaluation_round',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('survey_code', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('halfway', 'final', 'later', name='roundkind', native_enum=False, length=32), nullable=False),
    sa.Column('state', sa.Enum('planned', 'open', 'closed', 'left_out', name='roundstate', native_enum=False, length=32), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('is_set', sa.Boolean(), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=True),
    sa.Column('closes_on', sa.Date(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_evaluation_round_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_round')),
    sa.UniqueConstraint('project_id', 'kind', name=op.f('uq_evaluation_round_project_id_kind')),
    sa.UniqueConstraint('public_id', name=op.f('uq_evaluation_round_public_id')),
    sa.UniqueConstraint('survey_code', name=op.f('uq_evaluation_round_survey_code'))
    )
    with op.batch_alter_table('evaluation_round', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_round_project_id'), ['project_id'], unique=False)
        batch_op.create_index('ix_evaluation_round_state_due_on', ['state', 'due_on'], unique=False)

    op.create_table('evaluation_account',
    sa.Column('round_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('people_planned', sa.Integer(), nullable=True),
    sa.Column('people_reached', sa.Integer(), nullable=True),
    sa.Column('went_well', sa.Text(), nullable=False),
    sa.Column('went_badly', sa.Text(), nullable=False),
    sa.Column('lessons', sa.Text(), nullable=False),
    sa.Column('written_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('released_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('people_reached IS NULL OR people_reached >= 0', name=op.f('ck_evaluation_account_people_counted')),
    sa.ForeignKeyConstraint(['released_by_id'], ['person.id'], name=op.f('fk_evaluation_account_released_by_id_person')),
    sa.ForeignKeyConstraint(['round_id'], ['evaluation_round.id'], name=op.f('fk_evaluation_account_round_id_evaluation_round'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['written_by_id'], ['person.id'], name=op.f('fk_evaluation_account_written_by_id_person')),
    sa.PrimaryKeyConstraint('round_id', name=op.f('pk_evaluation_account'))
    )
    with op.batch_alter_table('evaluation_account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_account_written_by_id'), ['written_by_id'], unique=False)

    op.create_table('evaluation_answer',
    sa.Column('key', sa.String(length=20), nullable=False),
    sa.Column('round_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reached', sa.Enum('much', 'some', 'none', 'better', 'little', 'same', 'worse', 'well', 'roughly', 'unknown', 'yes', 'changed', 'no', 'cannot_say', name='choice', native_enum=False, length=32), nullable=True),
    sa.Column('better', sa.Enum('much', 'some', 'none', 'better', 'little', 'same', 'worse', 'well', 'roughly', 'unknown', 'yes', 'changed', 'no', 'cannot_say', name='choice', native_enum=False, length=32), nullable=True),
    sa.Column('known', sa.Enum('much', 'some', 'none', 'better', 'little', 'same', 'worse', 'well', 'roughly', 'unknown', 'yes', 'changed', 'no', 'cannot_say', name='choice', native_enum=False, length=32), nullable=True),
    sa.Column('again', sa.Enum('much', 'some', 'none', 'better', 'little', 'same', 'worse', 'well', 'roughly', 'unknown', 'yes', 'changed', 'no', 'cannot_say', name='choice', native_enum=False, length=32), nullable=True),
    sa.ForeignKeyConstraint(['round_id'], ['evaluation_round.id'], name=op.f('fk_evaluation_answer_round_id_evaluation_round'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_evaluation_answer')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('evaluation_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_answer_round_id'), ['round_id'], unique=False)

    op.create_table('evaluation_device',
    sa.Column('round_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['evaluation_round.id'], name=op.f('fk_evaluation_device_round_id_evaluation_round'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('round_id', 'key_hash', name=op.f('pk_evaluation_device'))
    )
    op.create_table('evaluation_paper',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch', sa.String(length=20), nullable=False),
    sa.Column('printed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('printed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_entered', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['printed_by_id'], ['person.id'], name=op.f('fk_evaluation_paper_printed_by_id_person')),
    sa.ForeignKeyConstraint(['round_id'], ['evaluation_round.id'], name=op.f('fk_evaluation_paper_round_id_evaluation_round'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_paper'))
    )
    with op.batch_alter_table('evaluation_paper', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_paper_batch'), ['batch'], unique=False)
        batch_op.create_index(batch_op.f('ix_evaluation_paper_round_id'), ['round_id'], unique=False)

    op.create_table('evaluation_statement',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('aims', sa.Integer(), nullable=False),
    sa.Column('teamwork', sa.Integer(), nullable=False),
    sa.Column('talk', sa.Integer(), nullable=False),
    sa.Column('means', sa.Integer(), nullable=False),
    sa.Column('lasting', sa.Integer(), nullable=False),
    sa.Column('again', sa.Enum('yes', 'changed', 'no', name='again', native_enum=False, length=32), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('said_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('aims >= 1 AND aims <= 5', name=op.f('ck_evaluation_statement_aims_mark')),
    sa.CheckConstraint('lasting >= 1 AND lasting <= 5', name=op.f('ck_evaluation_statement_lasting_mark')),
    sa.CheckConstraint('means >= 1 AND means <= 5', name=op.f('ck_evaluation_statement_means_mark')),
    sa.CheckConstraint('talk >= 1 AND talk <= 5', name=op.f('ck_evaluation_statement_talk_mark')),
    sa.CheckConstraint('teamwork >= 1 AND teamwork <= 5', name=op.f('ck_evaluation_statement_teamwork_mark')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_evaluation_statement_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['round_id'], ['evaluation_round.id'], name=op.f('fk_evaluation_statement_round_id_evaluation_round'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['said_by_id'], ['person.id'], name=op.f('fk_evaluation_statement_said_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_statement')),
    sa.UniqueConstraint('round_id', 'organisation_id', name=op.f('uq_evaluation_statement_round_id_organisation_id'))
    )
    with op.batch_alter_table('evaluation_statement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_statement_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_evaluation_statement_said_by_id'), ['said_by_id'], unique=False)

    op.create_table('evaluation_words',
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('round_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('text_sealed', sa.Text(), nullable=True),
    sa.Column('released_text', sa.Text(), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('released_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('is_read', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['released_by_id'], ['person.id'], name=op.f('fk_evaluation_words_released_by_id_person')),
    sa.ForeignKeyConstraint(['round_id'], ['evaluation_round.id'], name=op.f('fk_evaluation_words_round_id_evaluation_round'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('public_id', name=op.f('pk_evaluation_words')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('evaluation_words', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_words_round_id'), ['round_id'], unique=False)

    op.create_table('evaluation_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('aim', 'milestone', 'figure', name='linekind', native_enum=False, length=32), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('reach', sa.Enum('fully', 'mostly', 'partly', 'not', name='reach', native_enum=False, length=32), nullable=True),
    sa.Column('planned_milli', sa.BigInteger(), nullable=True),
    sa.Column('reached_milli', sa.BigInteger(), nullable=True),
    sa.Column('unit', sa.String(length=20), nullable=False),
    sa.CheckConstraint('planned_milli IS NULL OR planned_milli >= 0', name=op.f('ck_evaluation_line_planned_counted')),
    sa.CheckConstraint('reached_milli IS NULL OR reached_milli >= 0', name=op.f('ck_evaluation_line_reached_counted')),
    sa.ForeignKeyConstraint(['round_id'], ['evaluation_account.round_id'], name=op.f('fk_evaluation_line_round_id_evaluation_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_line'))
    )
    with op.batch_alter_table('evaluation_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_line_round_id'), ['round_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('evaluation_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_line_round_id'))

    op.drop_table('evaluation_line')
    with op.batch_alter_table('evaluation_words', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_words_round_id'))

    op.drop_table('evaluation_words')
    with op.batch_alter_table('evaluation_statement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_statement_said_by_id'))
        batch_op.drop_index(batch_op.f('ix_evaluation_statement_organisation_id'))

    op.drop_table('evaluation_statement')
    with op.batch_alter_table('evaluation_paper', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_paper_round_id'))
        batch_op.drop_index(batch_op.f('ix_evaluation_paper_batch'))

    op.drop_table('evaluation_paper')
    op.drop_table('evaluation_device')
    with op.batch_alter_table('evaluation_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_answer_round_id'))

    op.drop_table('evaluation_answer')
    with op.batch_alter_table('evaluation_account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_account_written_by_id'))

    op.drop_table('evaluation_account')
    with op.batch_alter_table('evaluation_round', schema=None) as batch_op:
        batch_op.drop_index('ix_evaluation_round_state_due_on')
        batch_op.drop_index(batch_op.f('ix_evaluation_round_project_id'))

    op.drop_table('evaluation_round')
