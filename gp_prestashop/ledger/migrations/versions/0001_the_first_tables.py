"""The first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('run_id', sa.BigInteger(), nullable=True),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('flow', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('before', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('after', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('transaction', sa.BigInteger(), server_default=sa.text('(pg_current_xact_id()::text)::bigint'), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=True),
    sa.Column('previous_hash', sa.String(length=64), nullable=True),
    sa.Column('hash', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('position'),
    schema='gpps'
    )
    op.create_index('audit_by_record', 'audit', ['flow', 'key'], unique=False, schema='gpps')
    op.create_index('audit_unsealed', 'audit', ['id'], unique=False, schema='gpps', postgresql_where=sa.text('position is null'))
    op.create_table('audit_head',
    sa.Column('one', sa.Integer(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.CheckConstraint('one = 1', name='audit_head_one'),
    sa.PrimaryKeyConstraint('one'),
    schema='gpps'
    )
    op.create_table('cross_reference',
    sa.Column('flow', sa.Text(), nullable=False),
    sa.Column('source_key', sa.Text(), nullable=False),
    sa.Column('target_key', sa.Text(), nullable=False),
    sa.Column('extra', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('flow', 'source_key'),
    schema='gpps'
    )
    op.create_index('cross_reference_back', 'cross_reference', ['flow', 'target_key'], unique=False, schema='gpps')
    op.create_table('dead_letter',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('flow', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('payload_hash', sa.String(length=64), nullable=False),
    sa.Column('document', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('code', sa.Text(), server_default='', nullable=False),
    sa.Column('sentence', sa.Text(), server_default='', nullable=False),
    sa.Column('remedy', sa.Text(), server_default='', nullable=False),
    sa.Column('tries', sa.Integer(), server_default='1', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolution', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('id'),
    schema='gpps'
    )
    op.create_index('dead_letter_open', 'dead_letter', ['flow', 'key'], unique=True, schema='gpps', postgresql_where=sa.text('resolved_at is null'))
    op.create_table('intent',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('flow', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('document_type', sa.Text(), nullable=False),
    sa.Column('target_key', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('payload_hash', sa.String(length=64), nullable=False),
    sa.Column('document', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('run_id', sa.BigInteger(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    schema='gpps'
    )
    op.create_index('intent_open', 'intent', ['flow', 'key'], unique=True, schema='gpps', postgresql_where=sa.text('finished_at is null'))
    op.create_table('payload',
    sa.Column('system', sa.Text(), nullable=False),
    sa.Column('resource', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('system', 'resource', 'key', 'hash'),
    schema='gpps'
    )
    op.create_table('record',
    sa.Column('flow', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('system', sa.Text(), nullable=False),
    sa.Column('resource', sa.Text(), nullable=False),
    sa.Column('payload_hash', sa.String(length=64), nullable=False),
    sa.Column('processed_hash', sa.String(length=64), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), server_default='', nullable=False),
    sa.Column('sentence', sa.Text(), server_default='', nullable=False),
    sa.Column('remedy', sa.Text(), server_default='', nullable=False),
    sa.Column('rule', sa.Text(), server_default='', nullable=False),
    sa.Column('amount', sa.Numeric(precision=20, scale=6), nullable=True),
    sa.Column('currency', sa.Text(), nullable=True),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('target_key', sa.Text(), nullable=True),
    sa.Column('waits_for', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('tries', sa.Integer(), server_default='0', nullable=False),
    sa.Column('run_id', sa.BigInteger(), nullable=True),
    sa.Column('first_seen', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state in ('pending', 'delivered', 'ignored', 'held', 'dead', 'in_doubt')", name='record_state'),
    sa.PrimaryKeyConstraint('flow', 'key'),
    schema='gpps'
    )
    op.create_index('record_by_day', 'record', ['flow', 'day'], unique=False, schema='gpps')
    op.create_index('record_by_state', 'record', ['flow', 'state'], unique=False, schema='gpps')
    op.create_index('record_waiting', 'record', ['waits_for'], unique=False, schema='gpps', postgresql_using='gin', postgresql_where=sa.text("state = 'held'"))
    op.create_table('run',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('flow', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('host', sa.Text(), nullable=False),
    sa.Column('pid', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('counts', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.PrimaryKeyConstraint('id'),
    schema='gpps'
    )
    op.create_table('value_map_version',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('loaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', 'version'),
    schema='gpps'
    )
    op.create_table('watermark',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('value', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name'),
    schema='gpps'
    )
    op.create_table('value_map',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('columns', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['name', 'version'], ['gpps.value_map_version.name', 'gpps.value_map_version.version'], ),
    sa.PrimaryKeyConstraint('name', 'version', 'code'),
    schema='gpps'
    )


def downgrade() -> None:
    op.drop_table('value_map', schema='gpps')
    op.drop_table('watermark', schema='gpps')
    op.drop_table('value_map_version', schema='gpps')
    op.drop_table('run', schema='gpps')
    op.drop_index('record_waiting', table_name='record', schema='gpps', postgresql_using='gin', postgresql_where=sa.text("state = 'held'"))
    op.drop_index('record_by_state', table_name='record', schema='gpps')
    op.drop_index('record_by_day', table_name='record', schema='gpps')
    op.drop_table('record', schema='gpps')
    op.drop_table('payload', schema='gpps')
    op.drop_index('intent_open', table_name='intent', schema='gpps', postgresql_where=sa.text('finished_at is null'))
    op.drop_table('intent', schema='gpps')
    op.drop_index('dead_letter_open', table_name='dead_letter', schema='gpps', postgresql_where=sa.text('resolved_at is null'))
    op.drop_table('dead_letter', schema='gpps')
    op.drop_index('cross_reference_back', table_name='cross_reference', schema='gpps')
    op.drop_table('cross_reference', schema='gpps')
    op.drop_table('audit_head', schema='gpps')
    op.drop_index('audit_unsealed', table_name='audit', schema='gpps', postgresql_where=sa.text('position is null'))
    op.drop_index('audit_by_record', table_name='audit', schema='gpps')
    op.drop_table('audit', schema='gpps')
