"""Bulletins: places that have one, issues, what stands in each, and who follows

Revision ID: b1e7a54c90d2
Revises: a3c8e5d17f42
Create Date: 2026-11-27 17:20:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'b1e7a54c90d2'
down_revision = 'a3c8e5d17f42'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ['person.id'], name=op.f(f'fk_{table}_{column}_person'))


def upgrade() -> None:
    op.create_table(
        'bulletin_place',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('division_code', sa.String(length=12), nullable=True),
        sa.Column('service_point_id', ID, nullable=True),
        sa.Column('rhythm', sa.String(length=32), nullable=False),
        sa.Column('weekday', sa.SmallInteger(), nullable=False),
        sa.Column('month_day', sa.SmallInteger(), nullable=False),
        sa.Column('hour', sa.SmallInteger(), nullable=False),
        sa.Column('editor_id', ID, nullable=True),
        sa.Column('needs_approval', sa.Boolean(), nullable=False),
        sa.Column('is_on', sa.Boolean(), nullable=False),
        sa.Column('begins_on', sa.Date(), nullable=False),
        sa.Column('told_due_on', sa.Date(), nullable=True),
        sa.Column('updated_by_id', ID, nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('updated_at', MOMENT, nullable=False),
        sa.CheckConstraint('(division_code IS NULL) <> (service_point_id IS NULL)', name=op.f('ck_bulletin_place_one_place')),
        sa.CheckConstraint('weekday BETWEEN 0 AND 6 AND month_day BETWEEN 1 AND 31 AND hour BETWEEN 0 AND 23', name=op.f('ck_bulletin_place_when_sound')),
        sa.ForeignKeyConstraint(['service_point_id'], ['service_point.id'], name=op.f('fk_bulletin_place_service_point_id_service_point')),
        _person('bulletin_place', 'editor_id'),
        _person('bulletin_place', 'updated_by_id'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bulletin_place')),
        sa.UniqueConstraint('public_id', name=op.f('uq_bulletin_place_public_id')),
        sa.UniqueConstraint('division_code', name=op.f('uq_bulletin_place_division_code')),
        sa.UniqueConstraint('service_point_id', name=op.f('uq_bulletin_place_service_point_id')),
    )
    op.create_table(
        'bulletin',
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('bulletin_place_id', ID, nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('from_on', sa.Date(), nullable=False),
        sa.Column('to_on', sa.Date(), nullable=False),
        sa.Column('state', sa.String(length=32), nullable=False),
        sa.Column('headline_zh', sa.String(length=60), nullable=False),
        sa.Column('headline_en', sa.String(length=60), nullable=False),
        sa.Column('introduction_zh', sa.Text(), nullable=False),
        sa.Column('introduction_en', sa.Text(), nullable=False),
        sa.Column('figures', sa.JSON(), nullable=False),
        sa.Column('edited_by_id', ID, nullable=True),
        sa.Column('submitted_at', MOMENT, nullable=True),
        sa.Column('submitted_by_id', ID, nullable=True),
        sa.Column('published_at', MOMENT, nullable=True),
        sa.Column('approved_by_id', ID, nullable=True),
        sa.Column('sent_back_at', MOMENT, nullable=True),
        sa.Column('sent_back_by_id', ID, nullable=True),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('dropped_at', MOMENT, nullable=True),
        sa.Column('dropped_by_id', ID, nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('composed_at', MOMENT, nullable=False),
        sa.Column('updated_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['bulletin_place_id'], ['bulletin_place.id'], name=op.f('fk_bulletin_bulletin_place_id_bulletin_place')),
        _person('bulletin', 'edited_by_id'),
        _person('bulletin', 'submitted_by_id'),
        _person('bulletin', 'approved_by_id'),
        _person('bulletin', 'sent_back_by_id'),
        _person('bulletin', 'dropped_by_id'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bulletin')),
        sa.UniqueConstraint('public_id', name=op.f('uq_bulletin_public_id')),
        sa.UniqueConstraint('bulletin_place_id', 'due_on', name=op.f('uq_bulletin_bulletin_place_id_due_on')),
    )
    op.create_index('ix_bulletin_state_published', 'bulletin', ['state', 'published_at'], unique=False)
    op.create_table(
        'bulletin_item',
        sa.Column('bulletin_id', ID, nullable=False),
        sa.Column('number', sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column('section', sa.String(length=32), nullable=False),
        sa.Column('subject_id', sa.BigInteger(), nullable=False),
        sa.Column('is_new', sa.Boolean(), nullable=False),
        sa.Column('position', sa.SmallInteger(), nullable=False),
        sa.Column('is_left_out', sa.Boolean(), nullable=False),
        sa.Column('counted', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['bulletin_id'], ['bulletin.id'], name=op.f('fk_bulletin_item_bulletin_id_bulletin'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('bulletin_id', 'number', name=op.f('pk_bulletin_item')),
        sa.UniqueConstraint('bulletin_id', 'section', 'subject_id', name=op.f('uq_bulletin_item_bulletin_id_section_subject_id')),
    )
    op.create_table(
        'bulletin_follower',
        sa.Column('person_id', ID, autoincrement=False, nullable=False),
        sa.Column('bulletin_place_id', ID, autoincrement=False, nullable=False),
        sa.Column('followed_at', MOMENT, nullable=False),
        _person('bulletin_follower', 'person_id'),
        sa.ForeignKeyConstraint(['bulletin_place_id'], ['bulletin_place.id'], name=op.f('fk_bulletin_follower_bulletin_place_id_bulletin_place')),
        sa.PrimaryKeyConstraint('person_id', 'bulletin_place_id', name=op.f('pk_bulletin_follower')),
    )
    op.create_index('ix_bulletin_follower_bulletin_place_id', 'bulletin_follower', ['bulletin_place_id'], unique=False)


def downgrade() -> None:
    op.drop_table('bulletin_follower')
    op.drop_table('bulletin_item')
    op.drop_table('bulletin')
    op.drop_table('bulletin_place')
