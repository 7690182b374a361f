"""Add operations, with all types that they need, to ``services.json`` from the full GP reference.

``python -m gp_prestashop.sandbox.soap.data.regenerate FOLDER`` where FOLDER holds ``gp_webservices.json``. What is there
stays; ``OPERATIONS`` names what is added.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

OPERATIONS = ("CreateCashReceipt", "CreateReceivablesCreditMemo", "CreateSalesReturn", "VoidSalesOrder")


def main(folder: Path, into: Path) -> None:
    """Rewrite the file in ``into``."""
    reference = json.loads((folder / "gp_webservices.json").read_text("utf-8"))
    known = json.loads((into / "services.json").read_text("utf-8"))
    waiting: list[str] = []
    for name in OPERATIONS:
        known["operations"][name] = reference["operations"][name]
        waiting += [kind for way in ("in", "out") for _, kind in reference["operations"][name][way]]
    while waiting:
        name = waiting.pop()
        if name in known["types"] or name in known["arrays"] or name in known["enums"]:
            continue
        if name in reference["arrays"]:
            known["arrays"][name] = reference["arrays"][name]
            waiting.append(reference["arrays"][name][1])
        elif name in reference["enums"]:
            known["enums"][name] = {"values": reference["enums"][name]["values"]}
        elif name in reference["types"]:
            known["types"][name] = reference["types"][name]
            waiting += [element[1] for element in reference["types"][name]["elements"]]
            waiting += [base for base in [reference["types"][name].get("base")] if base]
    _write(into / "services.json", known)


def _write(path: Path, known: dict[str, Any]) -> None:
    """One entry a line."""
    parts = []
    for section, entries in known.items():
        lines = ",\n".join(f"  {json.dumps(n)}: {json.dumps(e, ensure_ascii=False)}" for n, e in entries.items())
        parts.append(f' "{section}": {{\n{lines}\n }}')
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).parent)
