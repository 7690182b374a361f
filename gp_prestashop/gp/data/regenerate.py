"""Regenerate ``tables.json`` and ``econnect.json`` from the full GP reference.

``python -m gp_prestashop.gp.data.regenerate FOLDER`` where FOLDER holds ``gp_tables.json`` (table DDL of a company and the
system database) and ``econnect_procs.json`` (parameters, defaults, error numbers, document order). Only what this
package uses is kept, one entry a line, so that a difference between two releases reads well.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TABLES = (
    *("SOP10100", "SOP10103", "SOP10105", "SOP10106", "SOP10200", "SOP30200", "SOP30300", "SOP40100", "SOP40200"),
    *("RM00101", "RM00102", "RM00201", "RM00401", "SY00500", "SY01200", "SY03000", "SY03300", "SY40100"),
    *("IV00101", "IV40201", "IV40202", "IV40700", "TX00101", "TX00201", "CM00100", "GL00105", "GL20000", "MC40000"),
    *("SY01500", "SY00800", "MC40200", "MC60100", "taErrorCode"),
    *("RM10201", "RM10301", "RM20101", "RM30101", "RM20201", "MC020102", "SOP10104", "SOP00100", "SOP60100"),
    *("MC40100", "MC40300", "MC40301", "MC00100", "TX00102"),
    *("IV00102", "IV00103", "IV00104", "IV00105", "IV00107", "IV00108", "IV40400", "IV40800", "PM00200", "SOP10107"),
)
PROCEDURES = (
    *("taUpdateCreateCustomerRcd", "taCreateCustomerAddress", "taCreateInternetAddresses"),
    *("taSopLineIvcInsert", "taSopLineIvcTaxInsert", "taSopUserDefined", "taSopHdrIvcInsert"),
    *("taCreateSopPaymentInsertRecord", "taSopLineIvcInsertComponent"),
    *("taRMCashReceiptInsert", "taRMTransaction", "taRMTransactionTaxInsert", "taRMApply"),
    *("taSopLineDelete", "taSopVoidDocument", "taSopUpdateCreateProcessHold"),
)
DOCUMENTS = (
    *("RMCustomerMasterType", "RMCustomerAddressType", "SOPTransactionType"),
    *("RMCashReceiptsType", "RMTransactionType", "RMApplyType"),
)
CALLEES = ("taSopHdrRecalc",)  # called by the procedures: their error numbers come back as well
ERROR_FIELDS = ("n", "kind", "meaning", "params", "tables", "test", "callee", "table")


def main(folder: Path, into: Path) -> None:
    """Write both files into ``into``."""
    tables = json.loads((folder / "gp_tables.json").read_text("utf-8"))
    procedures = json.loads((folder / "econnect_procs.json").read_text("utf-8"))
    _write(into / "tables.json", {name: _table(tables[name]) for name in TABLES})
    nodes: dict[str, Any] = {name: _procedure(procedures[name]) for name in PROCEDURES}
    nodes["_callees"] = {name: _procedure(procedures[name]) for name in CALLEES}
    nodes["_documents"] = {name: _order(procedures["_documents"][name]) for name in DOCUMENTS}
    _write(into / "econnect.json", nodes)


def _table(table: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": table["title"],
        "database": "system" if table["database"].startswith("DYNAMICS") else "company",
        "key": table["key"],
        "changed": bool(table["has_DEX_ROW_TS"]),
        "captions": table.get("captions", {}),
        "columns": table["columns"],
    }


def _procedure(procedure: dict[str, Any]) -> dict[str, Any]:
    errors = [{field: error[field] for field in ERROR_FIELDS if error.get(field)} for error in procedure["errors"]]
    return {"parameters": procedure["params"], "errors": errors}


def _order(nodes: list[Any]) -> list[str]:
    """Procedure names in the order of the document's nodes; a repeated node is wrapped in ``<name>_Items``."""
    return [inner for name, items, _ in nodes for inner in (items or [name]) if inner in PROCEDURES]


def _write(path: Path, entries: dict[str, Any]) -> None:
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(entry, ensure_ascii=False)}" for name, entry in entries.items()
    )
    path.write_text("{\n" + lines + "\n}\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).parent)
