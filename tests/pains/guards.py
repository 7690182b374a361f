"""Whether each pain's test fails when its guard is gone: ``python -m tests.pains.guards [part of a name …]``.

Works on a copy of the project: one guard is taken out of it, its test is run and must fail, and it is put back.
Exit code 1 when a test passed without its guard. What came out is kept in docs/pains.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.pains.guard import ROOT, Guard
from tests.pains.guards_to_gp import TO_GP
from tests.pains.guards_to_shop import TO_SHOP

__all__ = ["GUARDS"]

GUARDS = (*TO_GP, *TO_SHOP)
TIMEOUT = 600  # seconds for the test of one guard
FAILED = 1  # pytest's exit code: tests ran, and some failed


def without(guard: Guard, copy: Path) -> bool:
    """Whether the test fails without it."""
    kept = {copy / file: (copy / file).read_text("utf-8") for file, _, _ in guard.edits}
    try:
        for file, text, instead in guard.edits:
            before = (copy / file).read_text("utf-8")
            if before.count(text) != 1:
                raise LookupError(f"{guard.name}: {file} has not once {text!r}.")
            (copy / file).write_text(before.replace(text, instead), "utf-8")
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", f"tests/{guard.test}"]
        environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        ran = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
    finally:
        for path, text in kept.items():
            path.write_text(text, "utf-8")
    fails = ran.returncode == FAILED
    said = [line.removeprefix("E").strip() for line in ran.stdout.splitlines() if line.startswith("E  ")]
    reason = " ".join(said[:2]) if fails else ran.stdout[-300:]
    sys.stdout.write(f"{'fails' if fails else 'PASSES'}  {guard.name}: {reason}\n")
    sys.stdout.flush()
    return fails


def main(words: list[str]) -> int:
    chosen = [guard for guard in GUARDS if not words or any(word in guard.name for word in words)]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in ("gp_prestashop", "tests"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        passed = [guard for guard in chosen if not without(guard, copy)]
        return int(bool(passed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
