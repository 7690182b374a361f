"""``/__faults__``: faults for a test or a person in another process. Off the webservice's path, and without its keys.

GET lists kinds and waiting faults by target, POST adds one (``{"target": "shop", "kind": "delay", …}``), DELETE clears.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gp_prestashop.sandbox.faults import FaultBook

__all__ = ["PATH", "control"]

PATH = "/__faults__"


def control(books: Mapping[str, FaultBook[Any]], method: str, body: bytes) -> tuple[int, dict[str, Any]]:
    """HTTP status and what the JSON answer says."""
    if method == "DELETE":
        for book in books.values():
            book.clear()
    elif method == "POST":
        problem = _add(books, body)
        if problem:
            return 400, {"error": problem}
    elif method != "GET":
        return 405, {"error": f"{PATH} knows GET, POST and DELETE."}
    return 200, {
        "kinds": {name: list(book.kinds) for name, book in books.items()},
        "faults": [{"target": name} | fault for name, book in books.items() for fault in book.waiting()],
    }


def _add(books: Mapping[str, FaultBook[Any]], body: bytes) -> str | None:
    try:
        wanted = json.loads(body)
        target = str(wanted.pop("target", "shop"))
        if target not in books:
            return f"There is no {target!r} here: choose from {', '.join(books)}."
        books[target].order(**wanted)
    except (ValueError, TypeError, AttributeError) as error:
        return str(error)
    return None
