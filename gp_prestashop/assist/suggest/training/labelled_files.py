"""Labelled pairs from files: the form of ``--pairs`` with ``gold`` and ``neutral``."""

from __future__ import annotations

import gzip
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from gp_prestashop.assist.suggest.fields import pair_from
from gp_prestashop.assist.suggest.training.variants import Labelled

__all__ = ["development_pairs", "labelled_from", "read_labelled"]


def read_labelled(path: Path) -> list[Labelled]:
    """All labelled pairs of a file."""
    return labelled_from(json.loads(path.read_text("utf-8")))


def development_pairs() -> list[Labelled]:
    """The labelled development pairs that come with the package: nine entities, in up to four variants."""
    packed = files("gp_prestashop.assist.suggest.training") / "data" / "dev_pairs.json.gz"
    return labelled_from(json.loads(gzip.decompress(packed.read_bytes())))


def labelled_from(document: Any) -> list[Labelled]:
    """Labelled pairs from a parsed document."""
    found = []
    for data in document["pairs"]:
        gold = {g["source"]: (g["target"], *g["also"]) for g in data["gold"]}
        neutral = frozenset((n["source"], target) for n in data["neutral"] for target in n["targets"])
        many = frozenset(g["source"] for g in data["gold"] if g["kind"] == "many_to_one")
        base = str(data["base"]).partition("__")[0]
        found.append(Labelled(pair_from(data), base, data["variant"], gold, neutral, many))
    return found
