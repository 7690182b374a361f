"""Probes of GP: one line each, with how to mend what fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from gp_prestashop.engine.protocols import Probe
from gp_prestashop.errors import GpPrestashopError
from gp_prestashop.gp.batches import BatchAllocator
from gp_prestashop.gp.currencies import read_currencies
from gp_prestashop.gp.database import GpDatabase, run
from gp_prestashop.gp.literals import text_literal
from gp_prestashop.gp.periods import read_calendar
from gp_prestashop.gp.reference import procedures, tables

__all__ = ["probe_gp"]

GRANTS = "Let the GP administrator run sql/grants.sql for this login (or add it to the role DYNGRP)."
OPTIONAL_TABLES = frozenset({"taErrorCode"})  # GP's own error texts; the package has its own

Verdict = tuple[bool, str, str]


def probe_gp(database: GpDatabase, batches: BatchAllocator) -> Iterator[Probe]:
    """All probes, each on its own; none after the first when the server cannot be reached."""
    connected = _probe("GP server", lambda: _connects(database))
    yield connected
    if not connected.ok:
        return
    probes: dict[str, Callable[[], Verdict]] = {
        "GP company": lambda: _company(database),
        "GP tables": lambda: _tables(database),
        "GP code page": lambda: _code_page(database),
        "GP order id": lambda: _only_or_default(database, "ORDDOCID", "SOP40200", "DOCID", "GPPS_SOP__DOCID"),
        "GP site": lambda: _only_or_default(database, "LOCNCODE", "IV40700", "LOCNCODE", "GPPS_SOP__SITE"),
        "GP currencies": lambda: _currencies(database),
        "GP fiscal period": lambda: _period(database),
        "GP batches": lambda: _batches(database, batches),
        "GP checkbooks": lambda: _checkbooks(database),
    }
    if database.settings.cancel == "hold":
        probes["GP hold of cancelled orders"] = lambda: _hold(database)
    if database.settings.writer == "econnect":
        probes = {"eConnect procedures": lambda: _procedures(database), **probes}
    for name, verdict in probes.items():
        yield _probe(name, verdict)


def _probe(name: str, verdict: Callable[[], Verdict]) -> Probe:
    try:
        ok, sentence, remedy = verdict()
    except GpPrestashopError as error:
        return Probe(name, ok=False, sentence=error.sentence, remedy=error.remedy)
    return Probe(name, ok=ok, sentence=sentence, remedy=remedy)


def _connects(database: GpDatabase) -> Verdict:
    rows = database.read(sa.select(sa.literal_column("@@VERSION", sa.String()).label("version")))
    return True, f"Connected: {rows[0]['version'].splitlines()[0]}.", ""


def _company(database: GpDatabase) -> Verdict:
    company = database.company
    return True, f"{database.settings.company} is {company.name} (company id {company.id}).", ""


def _procedures(database: GpDatabase) -> Verdict:
    """HAS_PERMS_BY_NAME is NULL for what does not exist (or may not be seen), 0 without the right."""
    missing, denied = [], []
    with database.connect() as connection:
        for name in procedures():
            full = text_literal(f"{database.settings.company}.dbo.{name}")
            try:
                answer = run(connection, f"SELECT HAS_PERMS_BY_NAME({full}, 'OBJECT', 'EXECUTE') AS Allowed").scalar()
            except sa.exc.DBAPIError:
                return (
                    True,
                    "This server does not tell rights beforehand; a lacking one is named by the first write.",
                    "",
                )
            if answer is None:
                missing.append(name)
            elif answer == 0:
                denied.append(name)
    if missing:
        return (
            False,
            f"Not there, or not visible: {', '.join(missing)}.",
            "Install eConnect for this company. " + GRANTS,
        )
    if denied:
        return False, f"No right to execute {', '.join(denied)}.", GRANTS
    return True, f"All {len(procedures())} are there and may be executed.", ""


def _tables(database: GpDatabase) -> Verdict:
    unreadable: list[str] = []
    for name, fact in tables().items():
        if name in OPTIONAL_TABLES:
            continue
        try:
            present = database.columns(name)
            missing = [column for column in fact.key if column not in present]
            table = database.tables[name]
            database.read(sa.select(*(table.c[column] for column in fact.key)).limit(1))
        except GpPrestashopError as error:
            unreadable.append(f"{name} ({error.code})")
        else:
            unreadable += [f"{name}.{column} (missing)" for column in missing]
    if unreadable:
        return False, f"Cannot be read: {', '.join(unreadable)}.", GRANTS
    return True, f"All {len(tables()) - len(OPTIONAL_TABLES)} tables that are used can be read.", ""


def _code_page(database: GpDatabase) -> Verdict:
    name = text_literal(database.settings.company)
    with database.connect() as connection:
        try:
            collation = run(connection, f"SELECT DATABASEPROPERTYEX({name}, 'Collation') AS Collation").scalar()
            found = run(connection, f"SELECT COLLATIONPROPERTY('{collation}', 'CodePage') AS CodePage").scalar()
        except sa.exc.DBAPIError as error:
            return (
                True,
                f"The server does not tell its code page ({error.orig}); {database.settings.code_page} is assumed.",
                "",
            )
    if found is None:
        return True, f"Collation {collation or 'unknown'}; {database.settings.code_page} is assumed.", ""
    wanted = database.settings.code_page.lower().removeprefix("cp").removeprefix("windows-")
    if str(found) != wanted:
        sentence = f"The company's code page is {found}, and the settings say {database.settings.code_page}."
        return False, sentence, f"Set GPPS_GP__CODE_PAGE=cp{found}."
    return True, f"Collation {collation}, code page {found}.", ""


def _only_or_default(database: GpDatabase, default: str, table: str, column: str, variable: str) -> Verdict:
    setup, listed = database.tables.SOP40100, database.tables[table]
    usual = [row[default] for row in database.read(sa.select(setup.c[default])) if row[default]]
    condition = listed.c.SOPTYPE == 2 if "SOPTYPE" in listed.c else sa.true()
    names = [row[column] for row in database.read(sa.select(listed.c[column]).where(condition))]
    if usual:
        return True, f"{usual[0]} is GP's own default; there are {len(names)} in all.", ""
    if len(names) == 1:
        return True, f"{names[0]} is the only one.", ""
    return False, f"GP has no default and {len(names)} to choose from: {', '.join(names[:10])}.", f"Set {variable}."


def _currencies(database: GpDatabase) -> Verdict:
    currencies = read_currencies(database)
    if not currencies.by_iso:
        return (
            False,
            "GP has no functional currency (MC40000) and not exactly one currency, so no order's currency is known.",
            "Set the functional currency up in GP (Multicurrency Setup) and give the company access to its currencies.",
        )
    listed = ", ".join(f"{iso} ({c.id or 'blank'})" for iso, c in currencies.by_iso.items())
    functional = currencies.functional or "not set up: amounts are functional and CURNCYID stays blank"
    return True, f"Functional currency {functional}; the company may use {listed}.", ""


def _period(database: GpDatabase) -> Verdict:
    today = database.clock.now().date()
    period = read_calendar(database).period_of(today)
    if period is None:
        return False, f"GP has no fiscal period for {today}.", "Create the fiscal year in GP (Fiscal Periods Setup)."
    if period.closed:
        return (
            False,
            f"The fiscal period of {today} is closed for sales.",
            "Open it, or set GPPS_GP__CLOSED_PERIOD=move.",
        )
    return True, f"The fiscal period of {today} ({period.first} to {period.last}) is open.", ""


def _batches(database: GpDatabase, batches: BatchAllocator) -> Verdict:
    prefix = database.settings.batch.prefix
    foreign = batches.foreign()
    if foreign:
        return False, f"Other batches begin with {prefix}: {', '.join(foreign[:5])}.", "Set GPPS_GP__BATCH__PREFIX."
    return True, f"Documents go to batch {batches.allocate()}.", ""


def _checkbooks(database: GpDatabase) -> Verdict:
    table = database.tables.CM00100
    active = [
        row["CHEKBKID"] for row in database.read(sa.select(table.c.CHEKBKID, table.c.INACTIVE)) if not row["INACTIVE"]
    ]
    if not active:
        return False, "GP has no active checkbook, so no deposit can be entered.", "Create a checkbook in GP."
    return True, f"{len(active)} active: {', '.join(active[:10])}.", ""


def _hold(database: GpDatabase) -> Verdict:
    """The master (SOP00100) says what a hold stops; eConnect makes one that is not there, and then it stops everything."""
    hold, table = database.settings.cancel_hold, database.tables.SOP00100
    rows = database.read(sa.select(table.c.XFERPHOL, table.c.POSTPHOL).where(table.c.PRCHLDID.in_([hold])))
    remedy = "Set the hold up in GP (Process Holds Setup): transfer and posting are what it must stop."
    if not rows and database.settings.writer == "econnect":
        return True, f"{hold} is made with the first cancelled order.", ""
    if not rows:
        return False, f"GP has no process hold {hold}.", remedy
    lets = [what for column, what in (("XFERPHOL", "transferred"), ("POSTPHOL", "posted")) if not rows[0][column]]
    if lets:
        return False, f"An order on hold {hold} can still be {' and '.join(lets)}.", remedy
    return True, f"{hold} stops transfer and posting.", ""
