"""Help that a user can check: mapping suggestions, anomalies. Works offline; nothing here is imported by a run of a flow."""
