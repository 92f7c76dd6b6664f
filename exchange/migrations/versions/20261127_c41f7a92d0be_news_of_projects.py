"""News of projects: pictures with what was said of children on them, followers, forms sent once.

Revision ID: c41f7a92d0be
Revises: b1e7a54c90d2
Create Date: 2026-11-27 17:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'c41f7a92d0be'
down_revision = 'b1e7a54c90d2'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
STATEMENT = sa.Enum('children_safe', name='picturestatement', native_enum=False, length=32)


def upgrade() -> None:
    with op.batch_alter_table('project_update', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sent_token', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_project_update_published_at', ['published_at'], unique=False)
        batch_op.create_index(
            'uq_project_update_sent', ['project_id', 'author_id', 'sent_token'], unique=True
        )

    op.create_table('project_update_photo',
    sa.Column('update_id', BIG, nullable=False),
    sa.Column('file_id', BIG, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('statement', STATEMENT, nullable=False),
    sa.Column('stated_by_id', BIG, nullable=True),
    sa.Column('stated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_project_update_photo_file_id_stored_file')),
    sa.ForeignKeyConstraint(['stated_by_id'], ['person.id'], name=op.f('fk_project_update_photo_stated_by_id_person')),
    sa.ForeignKeyConstraint(['update_id'], ['project_update.id'], name=op.f('fk_project_update_photo_update_id_project_update'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('update_id', 'file_id', name=op.f('pk_project_update_photo'))
    )
    with op.batch_alter_table('project_update_photo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_update_photo_file_id'), ['file_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_update_photo_stated_by_id'), ['stated_by_id'], unique=False)

    op.create_table('project_news_kept_picture',
    sa.Column('file_id', BIG, nullable=False),
    sa.Column('project_id', BIG, nullable=False),
    sa.Column('person_id', BIG, nullable=False),
    sa.Column('statement', STATEMENT, nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_project_news_kept_picture_file_id_stored_file'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_project_news_kept_picture_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_news_kept_picture_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('file_id', name=op.f('pk_project_news_kept_picture'))
    )
    with op.batch_alter_table('project_news_kept_picture', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_news_kept_picture_kept_at'), ['kept_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_news_kept_picture_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_news_kept_picture_project_id'), ['project_id'], unique=False)

    op.create_table('project_follower',
    sa.Column('project_id', BIG, nullable=False),
    sa.Column('person_id', BIG, nullable=False),
    sa.Column('organisation_id', BIG, nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_project_follower_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_project_follower_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_follower_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'person_id', name=op.f('pk_project_follower'))
    )
    with op.batch_alter_table('project_follower', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_follower_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_follower_person_id'), ['person_id'], unique=False)


def downgrade() -> None:
    op.drop_table('project_follower')
    op.drop_table('project_news_kept_picture')
    op.drop_table('project_update_photo')
    with op.batch_alter_table('project_update', schema=None) as batch_op:
        batch_op.drop_index('uq_project_update_sent')
        batch_op.drop_index('ix_project_update_published_at')
        batch_op.drop_column('changed_at')
        batch_op.drop_column('sent_token')
