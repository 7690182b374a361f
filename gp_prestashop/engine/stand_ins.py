"""Answers for maps that are tried without the systems: look-up lists stand in for themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gp_prestashop.mapping.references import References
from gp_prestashop.mapping.shapes import LookupList

__all__ = ["StandIns"]

NUMBER = 2  # of anything; as a number of decimals it is the usual one


class StandIns:
    """Cross-references and value maps are the ledger's own. A look-up finds every key: text is the key, numbers are 2.

    Both maps of a replay get the same answers, so what differs between them is their own; ``used`` names the columns
    that stood in.
    """

    def __init__(self, known: References, lists: Mapping[str, LookupList], local: Sequence[str]) -> None:
        self._known = known
        self._lists = lists
        self._local = tuple(local)  # what stands before the dot of lists that the ledger answers
        self.used: dict[str, None] = {}

    def resolve(
        self, kind: str, name: str, keys: Sequence[tuple[str, ...]], columns: Sequence[str]
    ) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        if kind != "lookup" or name.partition(".")[0] in self._local:
            return self._known.resolve(kind, name, keys, columns)
        types = {column.name: column.type for column in self._lists[name].columns}
        self.used.update(dict.fromkeys(f"{name}.{column}" for column in columns))
        return {key: {column: _stand_in(types[column], key) for column in columns} for key in keys}


def _stand_in(type_: str, key: tuple[str, ...]) -> Any:
    if type_ == "VARCHAR":
        return key[-1]
    if type_ == "BOOLEAN":
        return False
    if type_ in ("DATE", "TIMESTAMP"):
        return None
    return Decimal(NUMBER) if type_.startswith("DECIMAL") else NUMBER
