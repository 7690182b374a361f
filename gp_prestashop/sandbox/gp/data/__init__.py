"""Reference data of the stand-in, and how it is regenerated."""
