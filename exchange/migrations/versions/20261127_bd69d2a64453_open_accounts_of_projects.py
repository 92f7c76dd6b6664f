"""Open accounts of projects: who keeps them, what is proposed, what is booked for good

Revision ID: bd69d2a64453
Revises: a7c30f9be214
Create Date: 2026-11-27 17:22:04.053234+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'bd69d2a64453'
down_revision = 'a7c30f9be214'
branch_labels = None
depends_on = None

REFUSAL = 'a ledger is only added to'
UNIQUE = {
    'ledger_account': (('id',), ('public_id',), ('project_id', 'kind', 'name', 'unit')),
    'ledger_entry': (
        ('id',), ('public_id',), ('request_id',), ('project_id', 'number'),
        ('account_id', 'account_number'), ('corrects_id',),
    ),
}


def upgrade() -> None:
    op.create_table('ledger_account',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('money', 'goods', name='accountkind', native_enum=False, length=32), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('unit', sa.String(length=12), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_ledger_account_project_id_project')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_account')),
    sa.UniqueConstraint('project_id', 'id', name=op.f('uq_ledger_account_project_id_id')),
    sa.UniqueConstraint('project_id', 'kind', 'name', 'unit', name=op.f('uq_ledger_account_project_id_kind_name_unit')),
    sa.UniqueConstraint('public_id', name=op.f('uq_ledger_account_public_id'))
    )
    op.create_table('project_appeal',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=30), nullable=False),
    sa.Column('link', sa.String(length=300), nullable=False),
    sa.Column('linked_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('linked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('unlinked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['linked_by_id'], ['person.id'], name=op.f('fk_project_appeal_linked_by_id_person')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_project_appeal_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_appeal_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_appeal')),
    sa.UniqueConstraint('public_id', name=op.f('uq_project_appeal_public_id'))
    )
    with op.batch_alter_table('project_appeal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_appeal_project_id'), ['project_id'], unique=False)

    op.create_table('project_ledger',
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('two_person_fen', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('two_person_fen IS NULL OR two_person_fen >= 0', name=op.f('ck_project_ledger_limit')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_ledger_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', name=op.f('pk_project_ledger'))
    )
    op.create_table('project_ledger_role',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.Enum('treasurer', 'approver', name='ledgerrole', native_enum=False, length=32), nullable=False),
    sa.Column('named_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('named_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['ended_by_id'], ['person.id'], name=op.f('fk_project_ledger_role_ended_by_id_person')),
    sa.ForeignKeyConstraint(['named_by_id'], ['person.id'], name=op.f('fk_project_ledger_role_named_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_project_ledger_role_person_id_person')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_ledger_role_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_ledger_role'))
    )
    with op.batch_alter_table('project_ledger_role', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_ledger_role_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_project_ledger_role_open', ['project_id', 'person_id', 'role'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('ledger_request',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.Enum('proposed', 'booked', 'refused', 'withdrawn', name='requeststate', native_enum=False, length=32), nullable=False),
    sa.Column('kind', sa.Enum('receipt', 'payment', 'counter', name='entrykind', native_enum=False, length=32), nullable=False),
    sa.Column('sign', sa.SmallInteger(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('corrects_number', sa.Integer(), nullable=True),
    sa.Column('purpose', sa.String(length=80), nullable=False),
    sa.Column('budget_key', sa.String(length=20), nullable=False),
    sa.Column('budget_name', sa.String(length=80), nullable=False),
    sa.Column('counterparty', sa.Enum('organisation', 'person', name='counterparty', native_enum=False, length=32), nullable=False),
    sa.Column('counterparty_name', sa.String(length=80), nullable=False),
    sa.Column('counterparty_organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('private_sealed', sa.Text(), nullable=True),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('no_document_reason', sa.Text(), nullable=False),
    sa.Column('no_public_reason', sa.Text(), nullable=False),
    sa.Column('needs_second', sa.Boolean(), nullable=False),
    sa.Column('proposed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('sent_key', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id OR state = 'withdrawn'", name=op.f('ck_ledger_request_second_person')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_ledger_request_amount')),
    sa.ForeignKeyConstraint(['account_id'], ['ledger_account.id'], name=op.f('fk_ledger_request_account_id_ledger_account')),
    sa.ForeignKeyConstraint(['counterparty_organisation_id'], ['organisation.id'], name=op.f('fk_ledger_request_counterparty_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_ledger_request_decided_by_id_person')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_ledger_request_project_id_project')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['person.id'], name=op.f('fk_ledger_request_proposed_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_request')),
    sa.UniqueConstraint('project_id', 'sent_key', name=op.f('uq_ledger_request_project_id_sent_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_ledger_request_public_id'))
    )
    with op.batch_alter_table('ledger_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_request_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_request_proposed_by_id'), ['proposed_by_id'], unique=False)
        batch_op.create_index('ix_ledger_request_waiting', ['project_id', 'state'], unique=False)

    op.create_table('ledger_document',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('original', 'public', name='copykind', native_enum=False, length=32), nullable=False),
    sa.Column('added_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_ledger_document_added_by_id_person')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_ledger_document_file_id_stored_file')),
    sa.ForeignKeyConstraint(['request_id'], ['ledger_request.id'], name=op.f('fk_ledger_document_request_id_ledger_request')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_document')),
    sa.UniqueConstraint('file_id', name=op.f('uq_ledger_document_file_id'))
    )
    with op.batch_alter_table('ledger_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_document_request_id'), ['request_id'], unique=False)

    op.create_table('ledger_entry',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('previous_number', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_number', sa.Integer(), nullable=False),
    sa.Column('previous_in_account', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('receipt', 'payment', 'counter', name='entrykind', native_enum=False, length=32), nullable=False),
    sa.Column('sign', sa.SmallInteger(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('balance_before', sa.BigInteger(), nullable=False),
    sa.Column('balance_after', sa.BigInteger(), nullable=False),
    sa.Column('corrects_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('corrects_sign', sa.SmallInteger(), nullable=True),
    sa.Column('purpose', sa.String(length=80), nullable=False),
    sa.Column('budget_key', sa.String(length=20), nullable=False),
    sa.Column('budget_name', sa.String(length=80), nullable=False),
    sa.Column('counterparty', sa.Enum('organisation', 'person', name='counterparty', native_enum=False, length=32), nullable=False),
    sa.Column('counterparty_name', sa.String(length=80), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('booked_on', sa.Date(), nullable=False),
    sa.Column('booked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('recorded_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('approved_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(kind = 'counter' AND corrects_id IS NOT NULL AND corrects_sign IS NOT NULL AND corrects_sign = -sign) OR (kind <> 'counter' AND corrects_id IS NULL AND corrects_sign IS NULL)", name=op.f('ck_ledger_entry_counter')),
    sa.CheckConstraint("(kind = 'receipt' AND sign = 1) OR (kind = 'payment' AND sign = -1) OR (kind = 'counter' AND sign IN (1, -1))", name=op.f('ck_ledger_entry_direction')),
    sa.CheckConstraint('(account_number = 1 AND previous_in_account IS NULL AND balance_before = 0) OR (account_number > 1 AND previous_in_account IS NOT NULL AND previous_in_account = account_number - 1)', name=op.f('ck_ledger_entry_account_numbers')),
    sa.CheckConstraint('(number = 1 AND previous_number IS NULL) OR (number > 1 AND previous_number IS NOT NULL AND previous_number = number - 1)', name=op.f('ck_ledger_entry_numbers')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_ledger_entry_amount')),
    sa.CheckConstraint('approved_by_id IS NULL OR approved_by_id <> recorded_by_id', name=op.f('ck_ledger_entry_second_person')),
    sa.CheckConstraint('balance_after = balance_before + sign * amount', name=op.f('ck_ledger_entry_sum')),
    sa.CheckConstraint('balance_after >= 0', name=op.f('ck_ledger_entry_not_below_zero')),
    sa.ForeignKeyConstraint(['account_id', 'previous_in_account', 'balance_before'], ['ledger_entry.account_id', 'ledger_entry.account_number', 'ledger_entry.balance_after'], name='fk_ledger_entry_previous_balance'),
    sa.ForeignKeyConstraint(['approved_by_id'], ['person.id'], name=op.f('fk_ledger_entry_approved_by_id_person')),
    sa.ForeignKeyConstraint(['corrects_id', 'account_id', 'amount', 'corrects_sign'], ['ledger_entry.id', 'ledger_entry.account_id', 'ledger_entry.amount', 'ledger_entry.sign'], name='fk_ledger_entry_corrects'),
    sa.ForeignKeyConstraint(['project_id', 'account_id'], ['ledger_account.project_id', 'ledger_account.id'], name='fk_ledger_entry_account'),
    sa.ForeignKeyConstraint(['project_id', 'previous_number'], ['ledger_entry.project_id', 'ledger_entry.number'], name='fk_ledger_entry_previous_number'),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_ledger_entry_project_id_project')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person.id'], name=op.f('fk_ledger_entry_recorded_by_id_person')),
    sa.ForeignKeyConstraint(['request_id'], ['ledger_request.id'], name=op.f('fk_ledger_entry_request_id_ledger_request')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entry')),
    sa.UniqueConstraint('account_id', 'account_number', 'balance_after', name=op.f('uq_ledger_entry_account_id_account_number_balance_after')),
    sa.UniqueConstraint('account_id', 'account_number', name=op.f('uq_ledger_entry_account_id_account_number')),
    sa.UniqueConstraint('corrects_id', name=op.f('uq_ledger_entry_corrects_id')),
    sa.UniqueConstraint('id', 'account_id', 'amount', 'sign', name=op.f('uq_ledger_entry_id_account_id_amount_sign')),
    sa.UniqueConstraint('project_id', 'number', name=op.f('uq_ledger_entry_project_id_number')),
    sa.UniqueConstraint('public_id', name=op.f('uq_ledger_entry_public_id')),
    sa.UniqueConstraint('request_id', name=op.f('uq_ledger_entry_request_id'))
    )
    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.create_index('ix_ledger_entry_booked_on', ['project_id', 'booked_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_entry_recorded_by_id'), ['recorded_by_id'], unique=False)

    op.create_table('ledger_look',
    sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('shown_to_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['request_id'], ['ledger_request.id'], name=op.f('fk_ledger_look_request_id_ledger_request')),
    sa.ForeignKeyConstraint(['shown_to_id'], ['person.id'], name=op.f('fk_ledger_look_shown_to_id_person')),
    sa.PrimaryKeyConstraint('request_id', 'shown_to_id', name=op.f('pk_ledger_look'))
    )
    for table in UNIQUE:
        refuse_changes(table)


def refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for statement in sqlite_triggers(table):
            op.execute(statement)
        return
    op.execute(
        'CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS '
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        f'CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} '
        'FOR EACH ROW EXECUTE FUNCTION ledger_refuse()'
    )
    op.execute(
        f'CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} '
        'FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()'
    )


def sqlite_triggers(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    there = ' OR '.join(
        f'EXISTS (SELECT 1 FROM {table} WHERE ' + ' AND '.join(f'{name} = NEW.{name}' for name in names) + ')'
        for names in UNIQUE[table]
    )
    return [
        f'CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}',
        f'CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}',
        f'CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}',
    ]


def downgrade() -> None:
    drop_triggers()
    op.drop_table('ledger_look')
    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ledger_entry_recorded_by_id'))
        batch_op.drop_index('ix_ledger_entry_booked_on')

    op.drop_table('ledger_entry')
    with op.batch_alter_table('ledger_document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ledger_document_request_id'))

    op.drop_table('ledger_document')
    with op.batch_alter_table('ledger_request', schema=None) as batch_op:
        batch_op.drop_index('ix_ledger_request_waiting')
        batch_op.drop_index(batch_op.f('ix_ledger_request_proposed_by_id'))
        batch_op.drop_index(batch_op.f('ix_ledger_request_account_id'))

    op.drop_table('ledger_request')
    with op.batch_alter_table('project_ledger_role', schema=None) as batch_op:
        batch_op.drop_index('uq_project_ledger_role_open', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_project_ledger_role_person_id'))

    op.drop_table('project_ledger_role')
    op.drop_table('project_ledger')
    with op.batch_alter_table('project_appeal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_appeal_project_id'))

    op.drop_table('project_appeal')
    op.drop_table('ledger_account')


def drop_triggers() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for table in UNIQUE:
            for verb in ('update', 'delete', 'replace'):
                op.execute(f'DROP TRIGGER {table}_no_{verb}')
        return
    for table in UNIQUE:
        for name in ('change', 'truncate'):
            op.execute(f'DROP TRIGGER {table}_no_{name} ON {table}')
    op.execute('DROP FUNCTION ledger_refuse()')
