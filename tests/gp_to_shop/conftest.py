"""The fixture of both sides."""

from __future__ import annotations

from tests.both import both

__all__ = ["both"]
