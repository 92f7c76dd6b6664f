"""Roadshows and visits of projects with their sign-ups.

Revision ID: a7c30f9be214
Revises: d55656f74277
Create Date: 2026-11-27 17:30:16.000000+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'a7c30f9be214'
down_revision = 'd55656f74277'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('project_visit',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.Enum('roadshow', 'visit', name='visitkind', native_enum=False, length=32), nullable=False),
    sa.Column('state', sa.Enum('announced', 'cancelled', name='visitstate', native_enum=False, length=32), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('link', sa.String(length=300), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('cancel_reason', sa.Text(), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('seats > 0', name=op.f('ck_project_visit_seats_positive')),
    sa.CheckConstraint('taken >= 0 AND taken <= seats', name=op.f('ck_project_visit_never_overbooked')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_project_visit_author_id_person')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_visit_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_visit')),
    sa.UniqueConstraint('public_id', name=op.f('uq_project_visit_public_id'))
    )
    with op.batch_alter_table('project_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_visit_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_visit_project_id'), ['project_id'], unique=False)
        batch_op.create_index('ix_project_visit_state_starts_at', ['state', 'starts_at'], unique=False)
    op.create_table('project_visit_sign_up',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('visit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('signed', 'waiting', 'left', name='signupstate', native_enum=False, length=32), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('people > 0', name=op.f('ck_project_visit_sign_up_people_positive')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_project_visit_sign_up_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_project_visit_sign_up_person_id_person')),
    sa.ForeignKeyConstraint(['visit_id'], ['project_visit.id'], name=op.f('fk_project_visit_sign_up_visit_id_project_visit'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_visit_sign_up')),
    sa.UniqueConstraint('visit_id', 'organisation_id', name=op.f('uq_project_visit_sign_up_visit_id_organisation_id'))
    )
    with op.batch_alter_table('project_visit_sign_up', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_visit_sign_up_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_visit_sign_up_person_id'), ['person_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('project_visit_sign_up', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_visit_sign_up_person_id'))
        batch_op.drop_index(batch_op.f('ix_project_visit_sign_up_organisation_id'))
    op.drop_table('project_visit_sign_up')
    with op.batch_alter_table('project_visit', schema=None) as batch_op:
        batch_op.drop_index('ix_project_visit_state_starts_at')
        batch_op.drop_index(batch_op.f('ix_project_visit_project_id'))
        batch_op.drop_index(batch_op.f('ix_project_visit_author_id'))
    op.drop_table('project_visit')
