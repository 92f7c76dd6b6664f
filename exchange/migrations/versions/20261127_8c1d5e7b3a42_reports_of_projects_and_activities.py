"""Reports of projects and activities: cases about them, and what is hidden for a case

Revision ID: 8c1d5e7b3a42
Revises: 4b8e2f6a1d93
Create Date: 2026-11-27 21:20:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '8c1d5e7b3a42'
down_revision = '4b8e2f6a1d93'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
CASE = 'moderation_case'
TARGETS = {'project': 'project', 'activity': 'volunteer_activity'}


def upgrade() -> None:
    with op.batch_alter_table('volunteer_activity', schema=None) as batch:
        batch.add_column(sa.Column('held_at', MOMENT, nullable=True))
    with op.batch_alter_table(CASE, schema=None) as batch:
        for target, table in TARGETS.items():
            column = f'{target}_id'
            batch.add_column(sa.Column(column, ID, nullable=True))
            batch.create_foreign_key(
                batch.f(f'fk_{CASE}_{column}_{table}'), table, [column], ['id']
            )
            batch.create_index(batch.f(f'ix_{CASE}_{column}'), [column], unique=False)
    for target, table in TARGETS.items():
        _holds(f'moderation_{target}_hold', f'{target}_id', table)


def _holds(name: str, column: str, table: str) -> None:
    op.create_table(
        name,
        sa.Column('case_id', ID, nullable=False),
        sa.Column(column, ID, nullable=False),
        sa.Column('held_at', MOMENT, nullable=False),
        sa.Column('released_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ['case_id'], [f'{CASE}.id'], name=op.f(f'fk_{name}_case_id_{CASE}')
        ),
        sa.ForeignKeyConstraint(
            [column], [f'{table}.id'], name=op.f(f'fk_{name}_{column}_{table}')
        ),
        sa.PrimaryKeyConstraint('case_id', column, name=op.f(f'pk_{name}')),
    )
    op.create_index(f'ix_{name}_{column}', name, [column, 'released_at'], unique=False)


def downgrade() -> None:
    for target in TARGETS:
        op.drop_table(f'moderation_{target}_hold')
    with op.batch_alter_table(CASE, schema=None) as batch:
        for target, table in TARGETS.items():
            batch.drop_index(batch.f(f'ix_{CASE}_{target}_id'))
            batch.drop_constraint(batch.f(f'fk_{CASE}_{target}_id_{table}'), type_='foreignkey')
            batch.drop_column(f'{target}_id')
    with op.batch_alter_table('volunteer_activity', schema=None) as batch:
        batch.drop_column('held_at')
