"""The T-SQL of one document: all its procedure calls in one batch inside one transaction.

The batch opens the transaction, stops at the first call that reports an error, and ends with one row that says which
call was the last and what it returned. It never commits: the commit is a message of its own, sent only after that row
was read, so that a client that died in between can never leave a document behind. XACT_ABORT lets any SQL error end the
batch and roll back at once, rather than go on after a failed statement. A lock time-out below the query's own turns
waiting for somebody else's lock into an answer (1222).
"""

from __future__ import annotations

from collections.abc import Sequence

from gp_prestashop.gp.calls import Call
from gp_prestashop.gp.literals import identifier, literal
from gp_prestashop.gp.reference import procedures

__all__ = ["COMMIT", "RESULT_COLUMNS", "ROLLBACK", "render"]

COMMIT = "COMMIT TRANSACTION"
RESULT_COLUMNS = ("Step", "ErrorState", "ErrString")
ROLLBACK = "IF @@TRANCOUNT > 0 BEGIN ROLLBACK TRANSACTION END"


def render(calls: Sequence[Call], *, company: str, code_page: str, lock_timeout: int) -> str:
    """The batch. ``lock_timeout`` is in milliseconds. Raises DataError for a value that GP cannot hold as it is."""
    lines = [
        "SET NOCOUNT ON",
        "SET XACT_ABORT ON",
        f"SET LOCK_TIMEOUT {lock_timeout}",
        "DECLARE @step int, @state int, @errors varchar(255)",
        "SET @step = 0",
        "SET @state = 0",
        "SET @errors = ''",
        "BEGIN TRANSACTION",
    ]
    for step, call in enumerate(calls):
        execute = f"EXEC {identifier(company)}.dbo.{call.procedure} {_arguments(call, code_page)}"
        lines.append(f"IF @state = 0 BEGIN SET @step = {step}; {execute} END")
    lines.append("SELECT @step AS Step, @state AS ErrorState, @errors AS ErrString")
    return ";\n".join(lines) + ";"


def _arguments(call: Call, code_page: str) -> str:
    known = procedures()[call.procedure].parameters if call.types is None else call.types
    given = [f"@I_v{name} = {literal(known[name], value, code_page)}" for name, value in call.parameters.items()]
    return ", ".join([*given, "@O_iErrorState = @state OUTPUT", "@oErrString = @errors OUTPUT"])
