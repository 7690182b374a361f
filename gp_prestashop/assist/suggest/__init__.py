"""Mapping suggestions: which field of one system becomes which field of the other, and how sure that is."""
