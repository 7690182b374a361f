"""The stand-in Dynamics GP: its tables inside a Postgres, and eConnect procedures over them."""
