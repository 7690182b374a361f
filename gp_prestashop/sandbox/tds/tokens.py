"""Answers as TDS 7.4 tokens (MS-TDS): result sets, errors, what a login is told."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

__all__ = ["done", "env_database", "error", "login_answer", "prelogin_answer", "result_set"]

COLLATION = bytes([0x09, 0x04, 0xD0, 0x00, 0x34])  # SQL_Latin1_General_CP1_CI_AS
EPOCH = date(1900, 1, 1)
MAX_NVARCHAR = 4000  # characters; longer texts go as nvarchar(max)


def done(*, failed: bool = False, more: bool = False, rows: int | None = None) -> bytes:
    """The end of a statement's answer."""
    status = (2 if failed else 0) | (1 if more else 0) | (0x10 if rows is not None else 0)
    return b"\xfd" + struct.pack("<HHQ", status, 0, rows or 0)


def error(number: int, message: str, severity: int = 16, *, more: bool = False) -> bytes:
    body = (
        struct.pack("<IBB", number, 1, severity)
        + _long(message)
        + _short("sandbox")
        + _short("")
        + struct.pack("<I", 1)
    )
    return b"\xaa" + struct.pack("<H", len(body)) + body + done(failed=True, more=more)


def prelogin_answer() -> bytes:
    """Version 15, encryption not supported."""
    return bytes([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xFF]) + b"\x0f\x00\x07\xd0\x00\x00" + b"\x02"


def login_answer(database: str) -> bytes:
    acknowledged = b"\x01\x74\x00\x00\x04" + _short("Microsoft SQL Server") + b"\x0f\x00\x07\xd0"
    return b"".join(
        [
            env_database(database),
            _token(0xE3, b"\x07\x05" + COLLATION + b"\x00"),
            _token(0xE3, b"\x04" + _short("4096") + _short("4096")),
            _token(0xAD, acknowledged),
            done(),
        ]
    )


def env_database(database: str) -> bytes:
    return _token(0xE3, b"\x01" + _short(database) + _short("master"))


def result_set(names: Sequence[str], rows: Sequence[Sequence[Any]], *, more: bool = False) -> bytes:
    """One result set. A column's type is that of its values: integer, decimal, moment, bytes, truth value or text."""
    kinds = [_Kind.of([row[i] for row in rows]) for i in range(len(names))]
    head = b"\x81" + struct.pack("<H", len(names))
    head += b"".join(
        struct.pack("<IH", 0, 9) + kind.info + _short(name) for kind, name in zip(kinds, names, strict=True)
    )
    body = b"".join(b"\xd1" + b"".join(k.encode(v) for k, v in zip(kinds, row, strict=True)) for row in rows)
    return head + body + done(more=more, rows=len(rows))


class _Kind:
    def __init__(self, name: str, info: bytes, scale: int = 0) -> None:
        self.name, self.info, self.scale = name, info, scale

    @classmethod
    def of(cls, values: Sequence[Any]) -> _Kind:
        known = [value for value in values if value is not None]
        first = known[0] if known else None
        if isinstance(first, bool):
            return cls("bit", b"\x68\x01")
        if known and all(isinstance(value, int) for value in known):
            return cls("int", b"\x26\x04") if all(abs(v) < 2**31 for v in known) else cls("bigint", b"\x26\x08")
        if isinstance(first, Decimal | int):
            scale = max(-int(v.as_tuple().exponent) if isinstance(v, Decimal) else 0 for v in known)
            return cls("decimal", b"\x6c\x11\x26" + bytes([max(scale, 0)]), max(scale, 0))
        if isinstance(first, date):
            return cls("datetime", b"\x6f\x08")
        if isinstance(first, bytes):
            return cls("binary", b"\xa5" + struct.pack("<H", 8000))
        if any(len(str(value)) > MAX_NVARCHAR for value in known):
            return cls("max", b"\xe7\xff\xff" + COLLATION)
        return cls("text", b"\xe7" + struct.pack("<H", 2 * MAX_NVARCHAR) + COLLATION)

    def encode(self, value: Any) -> bytes:
        if self.name in ("text", "binary"):
            if value is None:
                return b"\xff\xff"
            data = value if self.name == "binary" else str(value).encode("utf-16-le")
            return struct.pack("<H", len(data)) + data
        if self.name == "max":
            if value is None:
                return b"\xff" * 8
            data = str(value).encode("utf-16-le")
            return struct.pack("<Q", len(data)) + struct.pack("<I", len(data)) + data + struct.pack("<I", 0)
        if value is None:
            return b"\x00"
        return getattr(self, f"_{self.name}")(value)  # type: ignore[no-any-return]

    def _bit(self, value: bool) -> bytes:  # noqa: FBT001
        return b"\x01" + bytes([value])

    def _int(self, value: int) -> bytes:
        return b"\x04" + struct.pack("<i", value)

    def _bigint(self, value: int) -> bytes:
        return b"\x08" + struct.pack("<q", value)

    def _decimal(self, value: Decimal | int) -> bytes:
        units = int(Decimal(value).scaleb(self.scale))
        return b"\x11" + bytes([units >= 0]) + abs(units).to_bytes(16, "little")

    def _datetime(self, value: date) -> bytes:
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        ticks = round((moment - midnight).total_seconds() * 300)
        return b"\x08" + struct.pack("<iI", (moment.date() - EPOCH).days, min(ticks, 86400 * 300 - 1))


def _token(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + struct.pack("<H", len(body)) + body


def _short(text: str) -> bytes:
    return bytes([len(text)]) + text.encode("utf-16-le")


def _long(text: str) -> bytes:
    return struct.pack("<H", len(text)) + text.encode("utf-16-le")
