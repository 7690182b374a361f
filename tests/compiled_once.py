"""Houses are many, and all of them compile the shipped flows: here each text is read, and each map compiled, once a process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gp_prestashop import wiring
from gp_prestashop.mapping import loader

__all__ = ["remember"]


def remember(patch: pytest.MonkeyPatch) -> None:
    """Make wiring and loader remember, by everything that the answer depends on. Broken flows are compiled anew."""
    patch.setattr(loader, "read_yaml", _reader())
    patch.setattr(wiring, "compile_flow", _compiler())


def _reader() -> Any:
    read, files = loader.read_yaml, {}

    def once(path: Path) -> Any:
        key = (path, path.read_bytes()) if path.is_relative_to(wiring.SHIPPED_FLOWS) else None
        if key is None:
            return read(path)
        if key not in files:
            files[key] = read(path)
        return files[key]

    return once


def _compiler() -> Any:
    compile_flow, known = wiring.compile_flow, {}

    def once(loaded: Any, resources: Any, documents: Any, lists: Any, settings: Any, **options: Any) -> Any:
        if loaded.flow is None or loaded.rules:
            return compile_flow(loaded, resources, documents, lists, settings, **options)
        shapes = (resources.get(loaded.flow.source.resource), documents.get(loaded.flow.target.document))
        key = repr((loaded.flow, shapes, sorted(lists.items()), sorted(settings), sorted(options.items())))
        if key not in known:
            known[key] = compile_flow(loaded, resources, documents, lists, settings, **options)
        compiled, errors = known[key]
        if compiled is None:
            return compile_flow(loaded, resources, documents, lists, settings, **options)
        return replace(compiled, settings=settings), errors

    return once
