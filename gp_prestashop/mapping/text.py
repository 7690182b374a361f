"""Text that GP can hold: code pages, cutting, address lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from anyascii import anyascii

__all__ = ["fit", "latin", "wrap"]

ADDRESS_LINES = 3  # RM00102.ADDRESS1 … ADDRESS3
JOINERS = ("\u200d", "\ufe0f", "\ufe0e")


def latin(text: str, code_page: str) -> str:
    """What the code page can hold stays; the rest is transliterated (Łódź → Lódz in cp1252); nothing is guessed."""
    composed = unicodedata.normalize("NFC", text)
    if _fits(composed, code_page):
        return composed
    pieces = [char if _fits(char, code_page) else _transliterated(char, code_page) for char in composed]
    return "".join(pieces)


def _fits(text: str, code_page: str) -> bool:
    try:
        text.encode(code_page)
    except UnicodeEncodeError:
        return False
    return True


def _transliterated(char: str, code_page: str) -> str:
    ascii_ = str(anyascii(char))
    return ascii_ if _fits(ascii_, code_page) else ""


def fit(text: str, size: int) -> str:
    """At most ``size`` characters, cut between characters as people see them, with no blank left at the end."""
    if len(text) <= size:
        return text
    kept = 0
    for cluster in _clusters(text):
        if kept + len(cluster) > size:
            break
        kept += len(cluster)
    return text[:kept].rstrip()


def _clusters(text: str) -> Iterator[str]:
    """A base character with the marks, joiners and joined characters that belong to it."""
    cluster = ""
    for char in text:
        joined = bool(cluster) and (unicodedata.combining(char) or char in JOINERS or cluster.endswith("\u200d"))
        if cluster and not joined and unicodedata.category(char) not in ("Mn", "Me", "Mc", "Sk"):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def wrap(first: str, second: str, size: int) -> list[str] | None:
    """Two address texts over three lines of ``size`` characters; None when they do not fit.

    Each text keeps its own line where it can; a long one is broken at blanks; only a word longer than a line is cut.
    """
    one, two = " ".join(first.split()), " ".join(second.split())
    both = f"{one} {two}".strip()
    for lines in ([*_broken(one, size), *_broken(two, size)], _broken(both, size), _filled(both, size)):
        if len(lines) <= ADDRESS_LINES:
            return lines + [""] * (ADDRESS_LINES - len(lines))
    return None


def _broken(text: str, size: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= size:
            lines[-1] += " " + word
            continue
        while len(word) > size:
            head = fit(word, size) or word[:size]
            lines.append(head)
            word = word[len(head) :]  # noqa: PLW2901
        if word:
            lines.append(word)
    return lines


def _filled(text: str, size: int) -> list[str]:
    """Cut wherever a line is full: the last resort before text is lost."""
    lines: list[str] = []
    while text:
        head = fit(text, size) or text[:size]
        lines.append(head)
        text = text[len(head) :].lstrip()
    return lines
