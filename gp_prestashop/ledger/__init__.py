"""The state of the integration in Postgres: records, payloads, cross-references, intents, audit."""
