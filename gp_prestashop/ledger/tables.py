"""The ledger's tables, in a schema of their own so that Dagster's may share the database."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

__all__ = [
    "SCHEMA", "STATES", "audit", "audit_head", "cross_reference", "dead_letter", "identity", "intent", "metadata", "payload", "record",
    "run", "value_map", "value_map_version", "watermark",
]  # fmt: skip

SCHEMA = "gpps"
STATES = ("pending", "delivered", "ignored", "held", "dead", "in_doubt")

metadata = MetaData(schema=SCHEMA)


def _moment(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _words(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


# Who came first of the records that share an identity (its SHA-256).
identity = Table(
    "identity",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("identity", String(64), primary_key=True),
    Column("key", Text, nullable=False),
)

# One row for each record of each flow: its one state, and why.
record = Table(
    "record",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("system", Text, nullable=False),
    Column("resource", Text, nullable=False),
    Column("payload_hash", String(64), nullable=False),  # as received last
    Column("processed_hash", String(64)),  # as delivered last
    Column("fingerprint", String(64)),  # of the document delivered last
    Column("state", Text, nullable=False),
    _words("code"),
    _words("sentence"),
    _words("remedy"),
    _words("rule"),
    Column("amount", Numeric(20, 6)),
    Column("currency", Text),
    Column("day", Date),
    Column("target_key", Text),
    Column("waits_for", JSONB, nullable=False, server_default="[]"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("run_id", BigInteger),
    _moment("first_seen"),
    _moment("updated_at"),
    CheckConstraint(f"state in {STATES}", name="record_state"),
    Index("record_by_state", "flow", "state"),
    Index("record_by_day", "flow", "day"),
    Index("record_waiting", "waits_for", postgresql_using="gin", postgresql_where=text("state = 'held'")),
)

# Every version of a raw record that was received, compressed JSON.
payload = Table(
    "payload",
    metadata,
    Column("system", Text, primary_key=True),
    Column("resource", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("hash", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    _moment("received_at"),
)

cross_reference = Table(
    "cross_reference",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("source_key", Text, primary_key=True),
    Column("target_key", Text, nullable=False),
    Column("extra", JSONB),
    _moment("updated_at"),
    Index("cross_reference_back", "flow", "target_key"),
)

watermark = Table(
    "watermark",
    metadata,
    Column("name", Text, primary_key=True),
    _moment("value"),
    _moment("updated_at"),
)

# A run holds an advisory lock on its id for as long as its process lives.
run = Table(
    "run",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("flow", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    _moment("started_at"),
    _moment("finished_at", nullable=True),
    Column("counts", JSONB, nullable=False, server_default="{}"),
)

# What is about to be written, durable before the call.
intent = Table(
    "intent",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("flow", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("document_type", Text, nullable=False),
    Column("target_key", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("payload_hash", String(64), nullable=False),
    Column("document", JSONB, nullable=False),
    Column("run_id", BigInteger, nullable=False),
    _moment("started_at"),
    _moment("finished_at", nullable=True),
    Column("outcome", Text),
    Column("detail", JSONB),  # what the target told about it; may hold personal data, as the document does
    Index("intent_open", "flow", "key", unique=True, postgresql_where=text("finished_at is null")),
)

dead_letter = Table(
    "dead_letter",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("flow", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("payload_hash", String(64), nullable=False),  # as received
    Column("document", JSONB, nullable=False),  # as mapped
    _words("code"),
    _words("sentence"),
    _words("remedy"),
    Column("tries", Integer, nullable=False, server_default="1"),
    _moment("created_at"),
    _moment("resolved_at", nullable=True),
    _words("resolution"),
    Index("dead_letter_open", "flow", "key", unique=True, postgresql_where=text("resolved_at is null")),
)

# Append-only. It names records by key and holds no personal data, so that erasing a person leaves the chain whole.
audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    _moment("at"),
    Column("actor", Text, nullable=False),
    Column("run_id", BigInteger),
    Column("action", Text, nullable=False),
    Column("flow", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("before", JSONB),
    Column("after", JSONB),
    Column("transaction", BigInteger, nullable=False, server_default=text("(pg_current_xact_id()::text)::bigint")),
    Column("position", BigInteger, unique=True),  # in the chain: the order of sealing, not of ids
    Column("previous_hash", String(64)),
    Column("hash", String(64)),
    Index("audit_unsealed", "id", postgresql_where=text("position is null")),
    Index("audit_by_record", "flow", "key"),
)

# The chain's head: rows cut off its end would leave no gap otherwise.
audit_head = Table(
    "audit_head",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    CheckConstraint("one = 1", name="audit_head_one"),
)

# Every version of a value map; the highest is current. A version may have no rows.
value_map_version = Table(
    "value_map_version",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    _moment("loaded_at"),
)

value_map = Table(
    "value_map",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("columns", JSONB, nullable=False),
    ForeignKeyConstraint(["name", "version"], ["gpps.value_map_version.name", "gpps.value_map_version.version"]),
)
