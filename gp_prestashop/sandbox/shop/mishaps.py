"""What a fault does to a request."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from gp_prestashop.sandbox.shop.answers import XmlWriter
from gp_prestashop.sandbox.shop.faults import Fault
from gp_prestashop.sandbox.shop.refusal import Refusal
from gp_prestashop.sandbox.shop.routing import HTML, Answer
from gp_prestashop.sandbox.shop.store import ShopStore

__all__ = ["afterwards", "instead", "row_hook"]

WARNING = '[PHP Warning #2] Undefined array key "carrier" (/modules/sample/sample.php, line 12)'
NOTICE = "<br />\n<b>Notice</b>: Undefined index: x in <b>/modules/x.php</b> on line <b>12</b><br />\n"


def instead(fault: Fault) -> Answer | None:
    """The answer given without doing anything, if the fault is of that kind."""
    wait = {"Retry-After": str(fault.seconds)}
    answers = {
        "too_many": Answer(429, b"", "text/html", wait, known=False),
        "unavailable": Answer(503, b"<html><body>Service unavailable</body></html>", "text/html", wait, known=False),
        "html": Answer(200, b"<!DOCTYPE html><html><body>Maintenance</body></html>", HTML, known=False),
        "empty_500": Answer(500, b"", HTML, known=False),
    }
    return answers.get(fault.kind)


def afterwards(fault: Fault | None, answer: Answer, store: ShopStore) -> Answer:
    """The answer after the work was done."""
    if fault is None:
        return answer
    if fault.kind == "bom":
        return replace(answer, body="\ufeff\n".encode() + answer.body)
    if fault.kind == "notice":
        return replace(answer, body=NOTICE.encode() + answer.body)
    if fault.kind == "error_after":
        writer = XmlWriter(store, "", [])
        return Answer(500, writer.errors([(3, WARNING)]).encode(), writer.kind)
    return answer


def row_hook(fault: Fault | None) -> Callable[[int], None] | None:
    """Fails at the fault's row of a write."""
    if fault is None or fault.kind != "error_row":
        return None

    def hook(n: int) -> None:
        if n + 1 == fault.row:
            raise Refusal(500, (3, WARNING))

    return hook


def sha1(body: bytes) -> str:
    """Content-Sha1."""
    return hashlib.sha1(body).hexdigest()  # noqa: S324  PrestaShop's own choice
