"""What every company has before the first document: currencies, periods, document ids, sites, accounts, taxes, terms.

Names and rates that the stand-in shop's data relies on come from `gp_prestashop.sandbox.world.agreed`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from gp_prestashop.sandbox.gp.calls import definitions
from gp_prestashop.sandbox.world import agreed

__all__ = ["ACCOUNTS", "Rows", "company_setup"]

Rows = dict[str, list[Mapping[str, object]]]

# Account number: description, balance sheet (0) or profit and loss (1), typical balance debit (0) or credit (1)
ACCOUNTS: Mapping[str, tuple[str, int, int]] = {
    "000-1200-00": ("Accounts Receivable", 0, 0),
    "000-1300-00": ("Inventory", 0, 0),
    "000-2100-00": ("Customer Deposits", 0, 1),
    "000-2300-00": ("Sales Tax Payable", 0, 1),
    "000-4100-00": ("Sales", 1, 1),
    "000-4110-00": ("Sales Returns", 1, 0),
    "000-4200-00": ("Trade Discounts", 1, 0),
    "000-4300-00": ("Freight", 1, 1),
    "000-4400-00": ("Miscellaneous", 1, 1),
    "000-4500-00": ("Cost of Goods Sold", 1, 0),
}
_SECOND_SITE = "WAREHOUSE"
_NEVER = datetime(2099, 12, 31)  # noqa: DTZ001
_COUNTRIES = {
    "FR": "France", "BE": "Belgium", "DE": "Germany", "CH": "Switzerland", "US": "United States", "GB": "United Kingdom",
    "ES": "Spain", "IT": "Italy",
}  # fmt: skip


def company_setup(
    *,
    company_id: int = 1,
    years: Sequence[int] = (2023, 2024, 2025, 2026, 2027),
    functional_currency: str = agreed.FUNCTIONAL_CURRENCY,
    rates_from: date = date(2023, 1, 1),
) -> Rows:
    """Rows by GP table for `seed.load`; SY01500 is not among them (`schema.create` writes it)."""
    rows: Rows = {}
    accounts = {number: index for index, number in enumerate(_account_numbers(), start=1)}
    _ledger(rows, accounts)
    _currencies(rows, company_id, functional_currency, rates_from)
    _periods(rows, years)
    _sales(rows, accounts)
    _receivables(rows, accounts)
    _inventory(rows)
    _taxes(rows, accounts)
    rows["VAT10001"] = [
        {
            "CCode": code,
            "CCodeDesc": name,
            "ISOCode": code,
            "ECFLAG": 1 if code in {"FR", "BE", "DE", "ES", "IT"} else 0,
        }
        for code, name in _COUNTRIES.items()
    ]
    rows["taErrorCode"] = list(_error_catalogue())
    return rows


def _error_catalogue() -> Iterator[dict[str, object]]:
    """DYNAMICS..taErrorCode for the stand-in's own procedures, in our words: GP's texts are not public."""
    seen: set[int] = set()
    for name, definition in definitions().items():
        for error in definition.errors:
            if error.number not in seen:
                seen.add(error.number)
                yield {
                    "ErrorCode": error.number, "SourceProc": name, "ErrorDesc": (error.meaning or error.kind)[:255],
                    "ErrorParms": ", ".join(error.parameters), "ErrorKeyFields": ", ".join(error.tables),
                }  # fmt: skip


def _account_numbers() -> list[str]:
    cash = [checkbook.account for checkbook in agreed.CHECKBOOKS.values()]
    return list(dict.fromkeys([*cash, *ACCOUNTS]))


def _ledger(rows: Rows, accounts: Mapping[str, int]) -> None:
    rows["GL00100"], rows["GL00105"], rows["SY01100"] = [], [], []
    for number, index in accounts.items():
        description, posting, balance = ACCOUNTS.get(number, ("Cash", 0, 0))
        first, main, last = number.split("-")
        segments = {"ACTNUMBR_1": first, "ACTNUMBR_2": main, "ACTNUMBR_3": last}
        rows["GL00105"].append({"ACTINDX": index, "ACTNUMST": number, **segments})
        rows["GL00100"].append(
            {
                "ACTINDX": index, **segments, "MNACSGMT": main, "ACCTTYPE": 1, "ACTDESCR": description, "ACTIVE": 1,
                "PSTNGTYP": posting, "TPCLBLNC": balance, "DECPLACS": 3, "ACCTENTR": 1,
            }
        )  # fmt: skip
    for place, (number, (description, *_)) in enumerate(ACCOUNTS.items(), start=1):
        account = {"SERIES": 3, "SEQNUMBR": place * 100, "ACTINDX": accounts[number], "PTGACDSC": description}
        rows["SY01100"].append(account)
    rows["GL40000"] = [{"UNIQKEY": "1", "NJRNLENT": 1000}]


def _currencies(rows: Rows, company_id: int, functional: str, since: date) -> None:
    known = agreed.CURRENCIES
    rows["MC40000"] = [
        {"FUNLCURR": functional, "FUNCRIDX": known[functional].index, "DEFSLSTP": "SELL", "DEFPURTP": "BUY"}
    ]
    rows["MC40200"] = [
        {
            "CURNCYID": c.id, "CURRNIDX": c.index, "CRNCYDSC": c.description, "CRNCYSYM": c.symbol, "ISOCURRC": c.id,
            "DECPLCUR": c.decimals_code,
        }
        for c in known.values()
    ]  # fmt: skip
    rows["MC60100"] = [{"CMPANYID": company_id, "CURNCYID": c.id} for c in known.values()]
    rows["MC40100"] = [{"RATETPID": "SELL"}, {"RATETPID": "BUY"}, {"RATETPID": "AVERAGE"}]
    foreign = [c for c in known.values() if c.id != functional]
    rows["MC40300"] = [
        {"EXGTBLID": f"{c.id}-SELL", "EXGTBDSC": f"{c.description} selling", "CURNCYID": c.id, "RTCLCMTD": 0}
        for c in foreign
    ]
    rows["MC40301"] = [
        {"CURNCYID": c.id, "RATETPID": "SELL", "EXGTBLID": f"{c.id}-SELL", "DFLTRATE": 1} for c in foreign
    ]
    rows["MC00100"] = [
        {"EXGTBLID": f"{c.id}-SELL", "CURNCYID": c.id, "EXCHDATE": since, "XCHGRATE": c.rate, "EXPNDATE": _NEVER}
        for c in foreign
    ]


def _periods(rows: Rows, years: Sequence[int]) -> None:
    """Twelve months a year: SY40100 for all series (0) and for sales (3), where the agreed month is closed."""
    rows["SY40101"] = [
        {"YEAR1": year, "FSTFSCDY": date(year, 1, 1), "LSTFSCDY": date(year, 12, 31), "NUMOFPER": 12} for year in years
    ]
    rows["SY40100"] = []
    for year in years:
        for month in range(1, 13):
            first = date(year, month, 1)
            last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
            period = {
                "YEAR1": year, "PERIODID": month, "PERIODDT": first, "PERDENDT": last, "PERNAME": f"Period {month}",
                "FORIGIN": 1,
            }  # fmt: skip
            closed = 1 if first == agreed.CLOSED_MONTH else 0
            rows["SY40100"].append({**period, "SERIES": 0, "CLOSED": 0, "PSERIES_2": closed})
            rows["SY40100"].append({**period, "SERIES": 3, "ODESCTN": "Sales Transaction Entry", "CLOSED": closed})


def _sales(rows: Rows, accounts: Mapping[str, int]) -> None:
    ids = {1: "STDQTE", 2: agreed.ORDER_DOCUMENT_ID, 3: "STDINV", 4: "STDRTN", 5: "BKORD"}
    prefixes = {1: "QTE", 2: "ORD", 3: "INV", 4: "RTN", 5: "BKO"}
    rows["SOP40100"] = [
        {
            "SETUPKEY": 1, "NXTMSTNO": 1, "LOCNCODE": agreed.SITE, "CHEKBKID": next(iter(agreed.CHECKBOOKS)),
            "QUODOCID": ids[1], "ORDDOCID": ids[2], "INVDOCID": ids[3], "RETDOCID": ids[4], "BACDOCID": ids[5],
            "DECPLQTY": 1, "DECPLCUR": 3, "FRGTTXBL": 2, "MISCTXBL": 2, "NONIVTXB": 1, "Prices_Not_Required_In_Pr": 1,
        }
    ]  # fmt: skip
    rows["SOP40200"] = [
        {
            "SOPTYPE": kind, "DOCID": name, "SETUPKEY": 1, "DOCTYABR": prefixes[kind], "SOPNUMBE": f"STD{prefixes[kind]}1001",
            "ALLOCABY": 1 if kind in {2, 3} else 3, "USDOCID1": ids[3] if kind == 2 else "", "ORDTOBAC": int(kind == 2),
            "INVTOBAC": int(kind == 3), "ALLREPEA": int(kind in {1, 2}), "QTYDEFAU": 1,
        }
        for kind, name in ids.items()
    ]  # fmt: skip
    names = {1: "Quote", 2: "Order", 3: "Invoice", 4: "Return", 5: "Back Order"}
    rows["SOP40300"] = [
        {
            "SOPTYPE": kind,
            "DOCTYABR": prefixes[kind],
            "DOCTYNAM": name,
            "SOPNUMBE": f"{prefixes[kind]}000001",
            "SETUPKEY": 1,
        }
        for kind, name in names.items()
    ]
    rows["SY03000"] = [
        {"SHIPMTHD": method, "SHMTHDSC": description[:30], "SHIPTYPE": kind}
        for method, (description, kind) in agreed.SHIPPING_METHODS.items()
    ]
    rows["SY03300"] = [
        {"PYMTRMID": "NET 30", "DUETYPE": 1, "DUEDTDS": 30, "DISCTYPE": 1, "SALPURCH": 1},
        {"PYMTRMID": "PREPAID", "DUETYPE": 1, "DUEDTDS": 0, "DISCTYPE": 1, "SALPURCH": 1},
    ]
    rows["SY04200"] = [{"COMMNTID": "WEB ORDER", "CMTSRIES": 3, "CMMTTEXT": "Order from the web shop"}]
    rows["CM00100"] = [
        {
            "CHEKBKID": book.id, "DSCRIPTN": book.description[:30], "CURNCYID": book.currency,
            "ACTINDX": accounts[book.account], "NXTCHNUM": "10001", "Next_Deposit_Number": "1", "CMPANYID": 1,
        }
        for book in agreed.CHECKBOOKS.values()
    ]  # fmt: skip
    card_account = accounts[agreed.CHECKBOOKS["BANK-EUR"].account]
    rows["SY03100"] = [
        {"CARDNAME": "Visa", "CBRCVBLE": 1, "RCVBGRBX": 1, "CKBKNUM1": "BANK-EUR", "ACTINDX": card_account}
    ]


def _receivables(rows: Rows, accounts: Mapping[str, int]) -> None:
    rows["RM00201"] = [
        {
            "CLASSID": agreed.CUSTOMER_CLASS, "CLASDSCR": "Web shop customers", "DEFLTCLS": 1, "CRLMTTYP": 1,
            "PYMTRMID": "PREPAID", "PRCLEVEL": agreed.PRICE_LEVEL, "CHEKBKID": next(iter(agreed.CHECKBOOKS)),
            "SHIPMTHD": next(iter(agreed.SHIPPING_METHODS)), "RMARACC": accounts["000-1200-00"],
            "RMSLSACC": accounts["000-4100-00"], "STMTCYCL": 5, "KPCALHST": 1, "KPDSTHST": 1, "KPERHIST": 1, "KPTRXHST": 1,
            "ORDERFULFILLDEFAULT": 1, "CUSTPRIORITY": 1,
        }
    ]  # fmt: skip
    rows["RM40101"] = [{"SETUPKEY": 1, "PRCLEVEL": agreed.PRICE_LEVEL, "CHEKBKID": next(iter(agreed.CHECKBOOKS))}]
    rows["RM40401"] = [
        {"RMDTYPAL": 9, "DOCDESCR": "Cash Receipts", "DOCABREV": "PMT", "DOCNUMBR": "PYMNT000000000001", "SETUPKEY": 1}
    ]


def _inventory(rows: Rows) -> None:
    rows["IV40700"] = [
        {"LOCNCODE": agreed.SITE, "LOCNDSCR": "Main site"},
        {"LOCNCODE": _SECOND_SITE, "LOCNDSCR": "Second warehouse"},
    ]
    rows["IV40800"] = [
        {"PRCLEVEL": agreed.PRICE_LEVEL, "DSCRIPTN": "Web shop"},
        {"PRCLEVEL": "RETAIL", "DSCRIPTN": "Retail"},
    ]
    unit = {"UOMSCHDL": agreed.UNIT_SCHEDULE}
    rows["IV40201"] = [{**unit, "UMSCHDSC": "Single pieces", "BASEUOFM": agreed.UNIT, "UMDPQTYS": 1}]
    rows["IV40202"] = [{**unit, **row} for row in _units()]


def _units() -> Iterator[dict[str, object]]:
    one = Decimal(1)
    yield {"UOFM": agreed.UNIT, "SEQNUMBR": 16384, "EQUIVUOM": agreed.UNIT, "EQUOMQTY": one, "QTYBSUOM": one}
    dozen = Decimal(12)
    yield {"UOFM": "Dozen", "SEQNUMBR": 32768, "EQUIVUOM": agreed.UNIT, "EQUOMQTY": dozen, "QTYBSUOM": dozen}


def _taxes(rows: Rows, accounts: Mapping[str, int]) -> None:
    payable = accounts["000-2300-00"]
    rows["TX00201"] = [
        {
            "TAXDTLID": detail.id, "TXDTLDSC": detail.description[:30], "TXDTLTYP": 1, "ACTINDX": payable, "TXDTLBSE": 3,
            "TXDTLPCT": detail.percent,
        }
        for detail in agreed.TAX_DETAILS.values()
    ]  # fmt: skip
    rows["TX00101"] = [{"TAXSCHID": name, "TXSCHDSC": f"Web shop {name}"} for name in agreed.TAX_SCHEDULES]
    rows["TX00102"] = [
        {"TAXSCHID": name, "TAXDTLID": detail, "TXDTLBSE": 3}
        for name, details in agreed.TAX_SCHEDULES.items()
        for detail in details
    ]
