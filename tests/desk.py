"""The command line as a person uses it: in this process, which saves its start of seconds, or in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from gp_prestashop.cli import app
from gp_prestashop.commands.output import console, errors

__all__ = ["Desk", "Said"]

PROGRAM = str(Path(sys.executable).parent / "gp-prestashop")
WIDTH = 220


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


@dataclass
class Desk:
    """A home folder and the command line. ``environment`` comes on top of the tests' own."""

    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def call(self, *arguments: str, **variables: str) -> Said:
        console.width = errors.width = WIDTH
        environment = {**self.environment, "GPPS_HOME": str(self.home), **variables}
        done = CliRunner().invoke(app, arguments, env=environment, prog_name="gp-prestashop")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(done.exit_code, done.stdout, done.stderr)

    def process(self, *arguments: str, **variables: str) -> Said:
        """The same in a process of its own."""
        environment = {
            **os.environ,
            **self.environment,
            "GPPS_HOME": str(self.home),
            "COLUMNS": str(WIDTH),
            **variables,
        }
        done = subprocess.run(
            [PROGRAM, *arguments], check=False, env=environment, capture_output=True, text=True, timeout=120
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def json(self, *arguments: str) -> Any:
        return json.loads(self.call(*arguments, "--json").stdout)

    def write(self, name: str, text: str) -> Path:
        """A file of the site's flows."""
        path = self.home / "flows" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path
