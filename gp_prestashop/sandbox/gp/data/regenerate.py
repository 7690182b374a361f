"""Regenerate ``tables.json`` and ``procedures.json`` of the stand-in from the full GP reference.

``python -m gp_prestashop.sandbox.gp.data.regenerate FOLDER`` where FOLDER holds ``gp_tables.json`` and
``econnect_procs.json``. What is there stays; ``TABLES`` and ``PROCEDURES`` name what is added. Tables of tempdb are not in
the reference and are kept as they are.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TABLES = ("RM10101", "RM10601", "RM30201")
PROCEDURES = (
    *("taRMCashReceiptInsert", "taRMApply", "taRMTransaction", "taRMTransactionTaxInsert"),
    *("taSopLineIvcInsertComponent", "taSopLineDelete", "taSopUpdateCreateProcessHold", "taSopTrackingNum"),
)


def main(folder: Path, into: Path) -> None:
    """Rewrite both files in ``into``."""
    tables = json.loads((folder / "gp_tables.json").read_text("utf-8"))
    procedures = json.loads((folder / "econnect_procs.json").read_text("utf-8"))
    known_tables = json.loads((into / "tables.json").read_text("utf-8"))
    known = json.loads((into / "procedures.json").read_text("utf-8"))
    for name in dict.fromkeys([*known_tables, *TABLES]):
        if name in tables:
            known_tables[name] = _table(tables[name])
    _write(into / "tables.json", known_tables)
    _write(
        into / "procedures.json", {name: _procedure(procedures[name]) for name in dict.fromkeys([*known, *PROCEDURES])}
    )


def _table(table: dict[str, Any]) -> dict[str, Any]:
    return {
        "database": "system" if table["database"].startswith("DYNAMICS") else "company",
        "key": table["key"],
        "dex_row_ts": bool(table["has_DEX_ROW_TS"]),
        "columns": table["columns"],
    }


def _procedure(procedure: dict[str, Any]) -> dict[str, Any]:
    return {
        "parameters": [
            [name, kind, need == "required", _default(rest)] for name, kind, need, *rest in procedure["params"]
        ],
        "outputs": procedure["outputs"],
        "errors": [
            [e["n"], e["kind"], e.get("meaning", ""), e.get("params", []), e.get("tables", [])]
            for e in procedure["errors"]
        ],
    }


def _default(rest: list[str]) -> str | None:
    """The literal's text; None for NULL and for none."""
    if not rest or rest[0].lower() == "null":
        return None
    return rest[0][1:-1] if rest[0].startswith("'") else rest[0]


def _write(path: Path, entries: dict[str, Any]) -> None:
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(entry, ensure_ascii=False, separators=(',', ':'))}"
        for name, entry in entries.items()
    )
    path.write_text("{\n" + lines + "\n}\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).parent)
