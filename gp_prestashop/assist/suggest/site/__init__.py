"""Suggestions at one site: read live, decided on by people, written as overlays, audited."""
