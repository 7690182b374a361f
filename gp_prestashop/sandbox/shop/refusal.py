"""The ways in which a request ends without an answer of its own."""

from __future__ import annotations

__all__ = ["Fatal", "Refusal"]


class Refusal(Exception):
    """An error answer: HTTP status and (code, message) pairs."""

    def __init__(self, status: int, *errors: tuple[int, str]) -> None:
        super().__init__(str(errors))
        self.status = status
        self.errors = errors


class Fatal(Exception):
    """PHP stopped: 500, text/html, and what it had printed (mostly nothing)."""

    def __init__(self, printed: str = "") -> None:
        super().__init__(printed)
        self.printed = printed


def did_you_mean(status: int, message: str, wrong: str, known: list[str], code: int) -> Refusal:
    """PrestaShop names the closest of what it knows."""
    closest = min(reversed(known), key=lambda one: _distance(wrong, one)) if known else ""
    listed = '", "'.join(known)
    return Refusal(status, (code, f'{message}. Did you mean: "{closest}"? The full list is: "{listed}"'))


def _distance(left: str, right: str) -> int:
    """Levenshtein's."""
    row = list(range(len(right) + 1))
    for i, one in enumerate(left, 1):
        previous, row[0] = row[0], i
        for j, other in enumerate(right, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (one != other))
    return row[-1]
