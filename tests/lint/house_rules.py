"""House rules that no linter has: no float on money, no outbound call without a time-out.

Run by ``make lint``; prints each violation as file:line and exits 1.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2] / "gp_prestashop"
MONEY = ("engine", "mapping", "ledger", "gp", "prestashop", "components")  # where no float() may be
CALLS = {"get", "post", "put", "patch", "delete", "head", "request"}  # of requests itself
TIMED = {"subprocess.run", "urllib.request.urlopen", "socket.create_connection"}


def main() -> int:
    found = [problem for file in sorted(ROOT.rglob("*.py")) for problem in problems_of(file)]
    for problem in found:
        print(problem)  # noqa: T201
    return 1 if found else 0


def problems_of(file: Path) -> list[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    place = file.relative_to(ROOT)
    result = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        where = f"gp_prestashop/{place}:{node.lineno}"
        if name == "float" and place.parts[0] in MONEY:
            result.append(f"{where}: float() loses cents; use Decimal.")
        timed = name in TIMED or (name.startswith("requests.") and name.rpartition(".")[2] in CALLS)
        given = {keyword.arg for keyword in node.keywords}
        if timed and "timeout" not in given and None not in given:
            result.append(f"{where}: {name} has no time-out.")
    return result


if __name__ == "__main__":
    sys.exit(main())
