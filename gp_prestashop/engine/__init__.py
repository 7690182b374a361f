"""The engine runs a flow: read, check, map, check, plan, write, record. It knows no Dagster and no connector."""
