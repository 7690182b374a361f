"""Reference data of the stand-in web services, and how it is regenerated."""
