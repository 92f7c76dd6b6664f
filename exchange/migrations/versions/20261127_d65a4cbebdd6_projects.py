"""Projects with places, partners, milestones, budget, needs and news.

Revision ID: d65a4cbebdd6
Revises: 6e2d90b4c7a1
Create Date: 2026-11-27 17:09:06.611395+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = 'd65a4cbebdd6'
down_revision = '6e2d90b4c7a1'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('project',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('external_id', sa.String(length=80), nullable=True),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('worker_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('template', sa.Enum('one_product', 'rural_tourism', 'party_building', 'heart_to_hand', 'talent_training', 'infrastructure', 'other', name='template', native_enum=False, length=32), nullable=False),
    sa.Column('stage', sa.Enum('idea', 'planned', 'running', 'paused', 'completed', 'evaluated', 'stopped', name='stage', native_enum=False, length=32), nullable=False),
    sa.Column('publication', sa.Enum('draft', 'submitted', 'published', 'withdrawn', name='publication', native_enum=False, length=32), nullable=False),
    sa.Column('visibility', sa.Enum('public', 'verified', 'brokers', name='visibility', native_enum=False, length=32), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('aim', sa.Text(), nullable=False),
    sa.Column('plan', sa.Text(), nullable=False),
    sa.Column('lang', sa.String(length=8), nullable=False),
    sa.Column('category_code', sa.String(length=40), nullable=True),
    sa.Column('beneficiaries', sa.JSON(), nullable=False),
    sa.Column('beneficiary_count', sa.Integer(), nullable=True),
    sa.Column('from_date', sa.Date(), nullable=True),
    sa.Column('to_date', sa.Date(), nullable=True),
    sa.Column('origin_listing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('undertaking_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('stop_reason', sa.Text(), nullable=False),
    sa.Column('review_note', sa.Text(), nullable=False),
    sa.Column('reviewed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('news_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('silent_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('beneficiary_count IS NULL OR beneficiary_count >= 0', name=op.f('ck_project_beneficiaries_counted')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_project_author_id_person')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_project_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['origin_listing_id'], ['listing.id'], name=op.f('fk_project_origin_listing_id_listing')),
    sa.ForeignKeyConstraint(['reviewed_by_id'], ['person.id'], name=op.f('fk_project_reviewed_by_id_person')),
    sa.ForeignKeyConstraint(['undertaking_id'], ['undertaking.id'], name=op.f('fk_project_undertaking_id_undertaking'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['worker_id'], ['person.id'], name=op.f('fk_project_worker_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project')),
    sa.UniqueConstraint('public_id', name=op.f('uq_project_public_id'))
    )
    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_category_code'), ['category_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('ix_project_publication_stage', ['publication', 'stage'], unique=False)
        batch_op.create_index('ix_project_updated_at', ['updated_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_worker_id'), ['worker_id'], unique=False)

    op.create_table('project_budget_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=80), nullable=False),
    sa.Column('planned_fen', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('planned_fen >= 0', name=op.f('ck_project_budget_line_planned_not_negative')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_budget_line_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_budget_line')),
    sa.UniqueConstraint('public_id', name=op.f('uq_project_budget_line_public_id'))
    )
    with op.batch_alter_table('project_budget_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_budget_line_project_id'), ['project_id'], unique=False)

    op.create_table('project_division',
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('division_code', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_division_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'division_code', name=op.f('pk_project_division'))
    )
    with op.batch_alter_table('project_division', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_division_division_code'), ['division_code'], unique=False)

    op.create_table('project_milestone',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('done_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['done_by_id'], ['person.id'], name=op.f('fk_project_milestone_done_by_id_person')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_milestone_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_milestone')),
    sa.UniqueConstraint('public_id', name=op.f('uq_project_milestone_public_id'))
    )
    with op.batch_alter_table('project_milestone', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_milestone_project_id'), ['project_id'], unique=False)

    op.create_table('project_need',
    sa.Column('listing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_project_need_listing_id_listing'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_need_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('listing_id', name=op.f('pk_project_need'))
    )
    with op.batch_alter_table('project_need', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_need_project_id'), ['project_id'], unique=False)

    op.create_table('project_partner',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.Enum('partner', 'funder', 'adviser', name='partnerrole', native_enum=False, length=32), nullable=False),
    sa.Column('state', sa.Enum('invited', 'accepted', 'declined', 'left', name='partnerstate', native_enum=False, length=32), nullable=False),
    sa.Column('invited_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['invited_by_id'], ['person.id'], name=op.f('fk_project_partner_invited_by_id_person')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_project_partner_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_partner_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_partner')),
    sa.UniqueConstraint('project_id', 'organisation_id', name=op.f('uq_project_partner_project_id_organisation_id'))
    )
    with op.batch_alter_table('project_partner', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_partner_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('project_update',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('milestone_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('lang', sa.String(length=8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_project_update_author_id_person')),
    sa.ForeignKeyConstraint(['milestone_id'], ['project_milestone.id'], name=op.f('fk_project_update_milestone_id_project_milestone'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_project_update_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_update_project_id_project'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_update')),
    sa.UniqueConstraint('public_id', name=op.f('uq_project_update_public_id'))
    )
    with op.batch_alter_table('project_update', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_update_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_update_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('ix_project_update_project_id_at', ['project_id', 'published_at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('project_update', schema=None) as batch_op:
        batch_op.drop_index('ix_project_update_project_id_at')
        batch_op.drop_index(batch_op.f('ix_project_update_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_project_update_author_id'))

    op.drop_table('project_update')
    with op.batch_alter_table('project_partner', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_partner_organisation_id'))

    op.drop_table('project_partner')
    with op.batch_alter_table('project_need', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_need_project_id'))

    op.drop_table('project_need')
    with op.batch_alter_table('project_milestone', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_milestone_project_id'))

    op.drop_table('project_milestone')
    with op.batch_alter_table('project_division', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_division_division_code'))

    op.drop_table('project_division')
    with op.batch_alter_table('project_budget_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_budget_line_project_id'))

    op.drop_table('project_budget_line')
    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_worker_id'))
        batch_op.drop_index('ix_project_updated_at')
        batch_op.drop_index('ix_project_publication_stage')
        batch_op.drop_index(batch_op.f('ix_project_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_project_category_code'))
        batch_op.drop_index(batch_op.f('ix_project_author_id'))

    op.drop_table('project')
