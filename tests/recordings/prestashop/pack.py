"""Packs recorded exchanges (one JSON file each) into ``VERSION.jsonl.xz``, in the order in which they happened.

Run it as ``python tests/recordings/prestashop/pack.py FOLDER`` with the folder that holds one folder a version.
Cookies and other headers that nothing compares are left out; requests and answers are kept whole.
"""

from __future__ import annotations

import json
import lzma
import sys
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SENT = (
    "Authorization",
    "Content-Type",
    "Local-Content-Sha1",
    "Output-Format",
    "Io-Format",
    "Accept",
    "Accept-Encoding",
)
ANSWERED = ("content-type", "content-sha1", "psws-version", "location", "www-authenticate", "date", "execution-time")


def main(folder: Path) -> None:
    for version in sorted(path for path in folder.iterdir() if path.is_dir()):
        exchanges = [_trimmed(json.loads(path.read_text(encoding="utf-8"))) for path in version.glob("*/*.json")]
        exchanges.sort(key=lambda e: (parsedate_to_datetime(e["response"]["headers"]["date"]), e["name"]))
        with lzma.open(HERE / f"{version.name}.jsonl.xz", "wt", encoding="utf-8", preset=9) as file:
            for exchange in exchanges:
                file.write(json.dumps(exchange, ensure_ascii=False, separators=(",", ":")) + "\n")


def _trimmed(exchange: dict[str, Any]) -> dict[str, Any]:
    request, response = exchange["request"], exchange["response"]
    headers = {name.lower(): value for name, value in response["headers"]}
    return {
        "name": exchange["name"],
        "request": request | {"headers": {k: v for k, v in request["headers"].items() if k in SENT and v != "*/*"}},
        "response": {
            "status": response["status"],
            "headers": {k: v for k, v in headers.items() if k in ANSWERED},
            "body": response["body"],
        },
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
