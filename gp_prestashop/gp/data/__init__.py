"""Reference data of Dynamics GP that ships with the package (see regenerate.py)."""
