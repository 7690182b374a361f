"""What the stand-in knows of resources is what the recorded shops said of them."""

from __future__ import annotations

from tests.sandbox.shop import make_shapes


def test_the_file_is_what_the_recordings_give() -> None:
    assert make_shapes.TARGET.read_text(encoding="utf-8") == make_shapes.text()
