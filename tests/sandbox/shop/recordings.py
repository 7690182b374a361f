"""The recorded exchanges with real shops, as tests read them."""

from __future__ import annotations

import json
import lzma
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["FOLDER", "VERSIONS", "Exchange", "exchanges"]

FOLDER = Path(__file__).parents[2] / "recordings" / "prestashop"
VERSIONS = ("8.2.1", "1.7.8.11")


@dataclass(frozen=True)
class Exchange:
    """``name`` is folder/what; ``url`` is path and query; bodies are text, None where nothing was sent."""

    name: str
    method: str
    url: str
    headers: dict[str, str]
    body: str | None
    status: int
    answer: str
    answer_headers: dict[str, str]

    @property
    def folder(self) -> str:
        return self.name.partition("/")[0]

    @property
    def resource(self) -> str:
        """``orders`` of ``/api/orders/1``; blank for the root."""
        return self.url.partition("?")[0].removeprefix("/api").strip("/").partition("/")[0]


@cache
def exchanges(version: str) -> dict[str, Exchange]:
    """By name, in the order of their dates (many share a second)."""
    with lzma.open(FOLDER / f"{version}.jsonl.xz", "rt", encoding="utf-8") as lines:
        return {one.name: one for one in (_exchange(json.loads(line)) for line in lines)}


def _exchange(record: dict[str, Any]) -> Exchange:
    sent, got = record["request"], record["response"]
    url = sent["path"] + (f"?{sent['query']}" if sent["query"] else "")
    headers, answer = sent["headers"], got["headers"]
    return Exchange(record["name"], sent["method"], url, headers, sent["body"], got["status"], got["body"], answer)
