"""The audit as a chain: whom entries concern, what changed, seals, keys of people

Revision ID: 0a5d1e7c93b6
Revises: 6d3f0a91c5e2
Create Date: 2026-11-27 10:20:00+00:00
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = '0a5d1e7c93b6'
down_revision = '6d3f0a91c5e2'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz'
REFUSAL = 'the audit is only added to'
UNIQUE = {
    'audit_entry': (('id',), ('public_id',)),
    'audit_concern': (('entry_id', 'number'),),
    'audit_batch': (('id',), ('hash',), ('previous_hash',)),
    'audit_seal': (('entry_id',), ('batch_id', 'position')),
}
LOOKUPS = ('person', 'organisation', 'listing', 'match')


def upgrade() -> None:
    widen_entries()
    make_tables()
    op.execute('INSERT INTO audit_waiting (entry_id) SELECT id FROM audit_entry')
    for table in UNIQUE:
        refuse_changes(table)


def widen_entries() -> None:
    with op.batch_alter_table('audit_entry') as batch_op:
        batch_op.add_column(sa.Column('public_id', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('role', sa.String(length=20), server_default='', nullable=False))
        batch_op.add_column(sa.Column('changes', sa.JSON(), server_default='[]', nullable=False))
    name_entries()
    with op.batch_alter_table('audit_entry') as batch_op:
        batch_op.alter_column('public_id', existing_type=sa.String(length=20), nullable=False)
        batch_op.create_unique_constraint(op.f('uq_audit_entry_public_id'), ['public_id'])


def name_entries() -> None:
    """Give those that are there a random public id, a thousand at a time."""
    connection = op.get_bind()
    entry = sa.table('audit_entry', sa.column('id'), sa.column('public_id'))
    naming = entry.update().where(entry.c.id == sa.bindparam('key')).values(public_id=sa.bindparam('name'))
    last = 0
    while ids := connection.scalars(sa.select(entry.c.id).where(entry.c.id > last).order_by(entry.c.id).limit(1000)).all():
        names = [''.join(secrets.choice(ALPHABET) for _ in range(14)) for _ in ids]
        connection.execute(naming, [{'key': key, 'name': name} for key, name in zip(ids, names)])
        last = ids[-1]


def make_tables() -> None:
    op.create_table(
        'audit_concern',
        sa.Column('entry_id', ID, nullable=False),
        sa.Column('number', sa.SmallInteger(), autoincrement=False, nullable=False),
        *(sa.Column(f'{name}_id', sa.BigInteger(), nullable=True) for name in LOOKUPS),
        sa.Column('division_code', sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(['entry_id'], ['audit_entry.id'], name=op.f('fk_audit_concern_entry_id_audit_entry')),
        sa.PrimaryKeyConstraint('entry_id', 'number', name=op.f('pk_audit_concern')),
    )
    for name in LOOKUPS:
        op.create_index(f'ix_audit_concern_{name}', 'audit_concern', [f'{name}_id', 'entry_id'])
    op.create_table(
        'audit_waiting',
        sa.Column('entry_id', ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(['entry_id'], ['audit_entry.id'], name=op.f('fk_audit_waiting_entry_id_audit_entry')),
        sa.PrimaryKeyConstraint('entry_id', name=op.f('pk_audit_waiting')),
    )
    op.create_table(
        'audit_batch',
        sa.Column('id', ID, autoincrement=False, nullable=False),
        sa.Column('previous_hash', sa.String(length=64), nullable=False),
        sa.Column('hash', sa.String(length=64), nullable=False),
        sa.Column('first_id', sa.BigInteger(), nullable=False),
        sa.Column('last_id', sa.BigInteger(), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_batch')),
        sa.UniqueConstraint('previous_hash', name=op.f('uq_audit_batch_previous_hash')),
        sa.UniqueConstraint('hash', name=op.f('uq_audit_batch_hash')),
    )
    op.create_table(
        'audit_seal',
        sa.Column('entry_id', ID, autoincrement=False, nullable=False),
        sa.Column('batch_id', ID, nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(['entry_id'], ['audit_entry.id'], name=op.f('fk_audit_seal_entry_id_audit_entry')),
        sa.ForeignKeyConstraint(['batch_id'], ['audit_batch.id'], name=op.f('fk_audit_seal_batch_id_audit_batch')),
        sa.PrimaryKeyConstraint('entry_id', name=op.f('pk_audit_seal')),
        sa.UniqueConstraint('batch_id', 'position', name=op.f('uq_audit_seal_batch_id_position')),
    )
    op.create_table(
        'person_data_key',
        sa.Column('person_id', ID, autoincrement=False, nullable=False),
        sa.Column('sealed_key', sa.Text(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('destroyed_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_data_key_person_id_person')),
        sa.PrimaryKeyConstraint('person_id', name=op.f('pk_person_data_key')),
    )


def refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for statement in sqlite_triggers(table):
            op.execute(statement)
        return
    op.execute(
        'CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS '
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        f'CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} '
        'FOR EACH ROW EXECUTE FUNCTION audit_refuse()'
    )
    op.execute(
        f'CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} '
        'FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()'
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
    for table in ('person_data_key', 'audit_seal', 'audit_batch', 'audit_waiting', 'audit_concern'):
        op.drop_table(table)
    with op.batch_alter_table('audit_entry') as batch_op:
        batch_op.drop_constraint(op.f('uq_audit_entry_public_id'), type_='unique')
        batch_op.drop_column('changes')
        batch_op.drop_column('role')
        batch_op.drop_column('public_id')


def drop_triggers() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for table in UNIQUE:
            for verb in ('update', 'delete', 'replace'):
                op.execute(f'DROP TRIGGER {table}_no_{verb}')
        return
    for table in UNIQUE:
        for name in ('change', 'truncate'):
            op.execute(f'DROP TRIGGER {table}_no_{name} ON {table}')
    op.execute('DROP FUNCTION audit_refuse()')
