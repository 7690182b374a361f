"""The TDS listener of the stand-in GP: pymssql and SQLAlchemy talk to it as to SQL Server; behind it is a Postgres."""
