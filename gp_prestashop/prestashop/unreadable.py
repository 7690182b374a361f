"""Bodies that are not what they claim: PHP notices, module output, HTML pages, half an answer."""

from __future__ import annotations

from gp_prestashop.errors import Transient
from gp_prestashop.prestashop.secret_fields import scrubbed

__all__ = ["UnreadableError", "first_bytes", "unreadable"]

SHOWN = 200  # bytes of a body that an error shows

_HTML = (b"<!doctype html", b"<html", b"<head", b"<body")


class UnreadableError(Transient):
    """An answer that cannot be trusted; ``details["first_bytes"]`` says what came. Nothing of it was used."""


def first_bytes(body: bytes) -> str:
    """The beginning of a body for logs, without secrets, invisible characters spelt out."""
    text = scrubbed(body[: SHOWN * 4].decode("utf-8", "backslashreplace"))[:SHOWN]
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\u{ord(c):04x}" for c in text)


def unreadable(body: bytes, why: str = "") -> UnreadableError:
    """The error for a body that did not parse; ``why`` is the parser's word."""
    code, sentence, remedy = _diagnosis(body)
    details = {"first_bytes": first_bytes(body), "length": len(body)}
    if why:
        details["why"] = scrubbed(why)[:SHOWN]
    return UnreadableError(code, sentence, remedy=remedy, details=details)


def _diagnosis(body: bytes) -> tuple[str, str, str]:
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:300].lower()
    if not start:
        return (
            "body_empty",
            "The shop answered with nothing where data was due.",
            "Look into the web server's PHP error log: such answers come from fatal errors and memory limits.",
        )
    if start.startswith(_HTML):
        return (
            "body_html",
            "The shop answered with a web page instead of data.",
            "See what the page says (maintenance, log-in, firewall); the integration's address may need an exception.",
        )
    if not body.startswith((b"<?xml", b"<prestashop", b"{", b"[")):
        return (
            "body_prefixed",
            "Something in the shop writes before the data (a PHP notice, a byte order mark, a module's script).",
            "Switch display_errors off and find the module or override that prints the text shown.",
        )
    if not body.rstrip().endswith((b"</prestashop>", b"}", b"]", b"/>")):
        return (
            "body_truncated",
            "The shop's answer broke off half-way.",
            "If it happens again, lower GPPS_SHOP__PAGE_SIZE or raise the shop's memory limit and time limits.",
        )
    return (
        "body_malformed",
        "The shop's answer is not well-formed.",
        "Find the record whose text breaks it, or the module that prints into the answer.",
    )
