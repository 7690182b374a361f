"""Alembic's environment: migrations run on the connection that ``Ledger.migrate`` hands over."""

from __future__ import annotations

from alembic import context

from gp_prestashop.ledger.tables import SCHEMA, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table="ledger_version",  # Dagster's own alembic_version may share the database
    version_table_schema=SCHEMA,
    include_schemas=True,
    include_name=lambda name, kind, _parents: name == SCHEMA if kind == "schema" else True,
)
with context.begin_transaction():
    context.run_migrations()
