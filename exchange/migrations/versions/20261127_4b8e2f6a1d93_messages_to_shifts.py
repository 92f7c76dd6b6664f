"""Messages to people of a shift, who got them, and who was asked again

Revision ID: 4b8e2f6a1d93
Revises: b6d20c8f4e17
Create Date: 2026-11-27 21:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '4b8e2f6a1d93'
down_revision = 'b6d20c8f4e17'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def _code(*values: str) -> sa.Enum:
    return sa.Enum(*values, native_enum=False, length=32)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f'{other}.id'], name=op.f(f'fk_{table}_{column}_{other}'), ondelete=ondelete
    )


def upgrade() -> None:
    _messages()
    _recipients()
    _asks()


def _messages() -> None:
    name = 'volunteer_message'
    op.create_table(
        name,
        sa.Column('id', ID, nullable=False),
        sa.Column('public_id', sa.String(length=20), nullable=False),
        sa.Column('shift_id', ID, nullable=False),
        sa.Column('author_id', ID, nullable=True),
        sa.Column(
            'addressed', _code('placed', 'waiting', 'unconfirmed', 'chosen'), nullable=False
        ),
        sa.Column('text', sa.String(length=300), nullable=False),
        sa.Column('wants_answer', sa.Boolean(), nullable=False),
        sa.Column('sent_token', sa.String(length=40), nullable=False),
        _moment('sent_at'),
        _to(name, 'shift_id', 'volunteer_shift'),
        _to(name, 'author_id', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_message')),
        sa.UniqueConstraint('public_id', name=op.f('uq_volunteer_message_public_id')),
        sa.UniqueConstraint(
            'shift_id', 'sent_token', name=op.f('uq_volunteer_message_shift_id_sent_token')
        ),
    )
    op.create_index('ix_volunteer_message_author_sent', name, ['author_id', 'sent_at'])


def _recipients() -> None:
    name = 'volunteer_message_recipient'
    op.create_table(
        name,
        sa.Column('id', ID, nullable=False),
        sa.Column('message_id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('answer', _code('coming', 'not_coming', 'question'), nullable=True),
        sa.Column('note', sa.String(length=200), nullable=False),
        _moment('answered_at', nullable=True),
        _to(name, 'message_id', 'volunteer_message', 'CASCADE'),
        _to(name, 'person_id', 'person'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_volunteer_message_recipient')),
        sa.UniqueConstraint(
            'message_id', 'person_id',
            name=op.f('uq_volunteer_message_recipient_message_id_person_id'),
        ),
    )
    op.create_index('ix_volunteer_message_recipient_person_id', name, ['person_id'])


def _asks() -> None:
    name = 'volunteer_ask'
    op.create_table(
        name,
        sa.Column('signup_id', ID, nullable=False),
        _moment('asked_at'),
        sa.Column('asked_by_id', ID, nullable=True),
        _moment('release_at', nullable=True),
        sa.Column('reason', sa.String(length=500), nullable=False),
        _to(name, 'signup_id', 'volunteer_signup', 'CASCADE'),
        _to(name, 'asked_by_id', 'person'),
        sa.PrimaryKeyConstraint('signup_id', name=op.f('pk_volunteer_ask')),
    )
    op.create_index('ix_volunteer_ask_release_at', name, ['release_at'])


def downgrade() -> None:
    for name in ('volunteer_ask', 'volunteer_message_recipient', 'volunteer_message'):
        op.drop_table(name)
