"""Messages by several channels: what becomes of each, what people chose, WeChat, short links

Revision ID: b90d3e5a17f8
Revises: 6e0b4d92c7f1
Create Date: 2026-11-27 10:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'b90d3e5a17f8'
down_revision = '6e0b4d92c7f1'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
STATES = ('waiting', 'sent', 'dead', 'dropped', 'needless', 'unreachable')
CHANNELS = ('sms', 'wechat', 'email')
KINDS = ('answers', 'matches', 'listings', 'alerts', 'station', 'security')
RHYTHMS = ('at_once', 'daily', 'weekly', 'off')


def words(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def upgrade() -> None:
    with op.batch_alter_table('notice_delivery') as batch:
        batch.alter_column(
            'channel', existing_type=sa.String(16), type_=words('channel', CHANNELS),
            existing_nullable=False,
        )
        batch.add_column(sa.Column('state', words('deliverystate', STATES), nullable=True))
        batch.add_column(sa.Column('is_urgent', sa.Boolean(), nullable=True))
        batch.add_column(sa.Column('joined_to_id', ID, nullable=True))
        batch.add_column(sa.Column('send_after', MOMENT, nullable=True))
        batch.add_column(sa.Column('tries', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('trouble', sa.String(60), nullable=True))
        batch.add_column(sa.Column('given_up_at', MOMENT, nullable=True))
    op.execute(
        "UPDATE notice_delivery SET is_urgent = false, tries = 0, send_after = created_at, "
        "state = CASE WHEN sent_at IS NULL THEN 'waiting' ELSE 'sent' END"
    )
    with op.batch_alter_table('notice_delivery') as batch:
        batch.alter_column('state', existing_type=words('deliverystate', STATES), nullable=False)
        batch.alter_column('is_urgent', existing_type=sa.Boolean(), nullable=False)
        batch.alter_column('send_after', existing_type=MOMENT, nullable=False)
        batch.alter_column('tries', existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(
            batch.f('fk_notice_delivery_joined_to_id_notice_delivery'),
            'notice_delivery', ['joined_to_id'], ['id'],
        )
        batch.create_index(batch.f('ix_notice_delivery_joined_to_id'), ['joined_to_id'])
        batch.create_index('ix_notice_delivery_state', ['state', 'send_after', 'id'])
    op.create_table(
        'notice_preference',
        sa.Column('person_id', ID, nullable=False),
        sa.Column('kind', words('kind', KINDS), nullable=False),
        sa.Column('channel', words('channel', CHANNELS), nullable=False),
        sa.Column('rhythm', words('rhythm', RHYTHMS), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_preference_person_id_person')),
        sa.PrimaryKeyConstraint('person_id', 'kind', 'channel', name=op.f('pk_notice_preference')),
    )
    op.create_table(
        'notice_hours',
        sa.Column('person_id', ID, nullable=False),
        sa.Column('quiet_from', sa.Integer(), nullable=False),
        sa.Column('quiet_until', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_hours_person_id_person')),
        sa.PrimaryKeyConstraint('person_id', name=op.f('pk_notice_hours')),
    )
    op.create_table(
        'wechat_binding',
        sa.Column('person_id', ID, nullable=False),
        sa.Column('openid_sealed', sa.Text(), nullable=False),
        sa.Column('openid_hash', sa.String(64), nullable=False),
        sa.Column('bound_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_wechat_binding_person_id_person')),
        sa.PrimaryKeyConstraint('person_id', name=op.f('pk_wechat_binding')),
        sa.UniqueConstraint('openid_hash', name=op.f('uq_wechat_binding_openid_hash')),
    )
    op.create_table(
        'wechat_invitation',
        sa.Column('code_hash', sa.String(64), nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('expires_at', MOMENT, nullable=False),
        sa.Column('used_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_wechat_invitation_person_id_person')),
        sa.PrimaryKeyConstraint('code_hash', name=op.f('pk_wechat_invitation')),
    )
    op.create_index(op.f('ix_wechat_invitation_person_id'), 'wechat_invitation', ['person_id'])
    op.create_table(
        'wechat_token',
        sa.Column('app_id', sa.String(64), nullable=False),
        sa.Column('token_sealed', sa.Text(), nullable=False),
        sa.Column('fetched_at', MOMENT, nullable=False),
        sa.Column('expires_at', MOMENT, nullable=False),
        sa.PrimaryKeyConstraint('app_id', name=op.f('pk_wechat_token')),
    )
    op.create_table(
        'short_link',
        sa.Column('code_hash', sa.String(64), nullable=False),
        sa.Column('path_sealed', sa.Text(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('expires_at', MOMENT, nullable=False),
        sa.PrimaryKeyConstraint('code_hash', name=op.f('pk_short_link')),
    )
    op.create_index(op.f('ix_short_link_expires_at'), 'short_link', ['expires_at'])


def downgrade() -> None:
    for table in (
        'short_link', 'wechat_token', 'wechat_invitation', 'wechat_binding', 'notice_hours',
        'notice_preference',
    ):
        op.drop_table(table)
    with op.batch_alter_table('notice_delivery') as batch:
        batch.drop_index('ix_notice_delivery_state')
        batch.drop_index(batch.f('ix_notice_delivery_joined_to_id'))
        batch.drop_constraint(
            batch.f('fk_notice_delivery_joined_to_id_notice_delivery'), type_='foreignkey'
        )
        for name in (
            'given_up_at', 'trouble', 'tries', 'send_after', 'joined_to_id', 'is_urgent', 'state'
        ):
            batch.drop_column(name)
        batch.alter_column(
            'channel', existing_type=words('channel', CHANNELS), type_=sa.String(16),
            existing_nullable=False,
        )
