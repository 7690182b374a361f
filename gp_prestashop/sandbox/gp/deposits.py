"""What a deposit on an order sets in motion at once: a receivables key, a bank receipt, history rows and a GL journal."""

from __future__ import annotations

from decimal import Decimal

from gp_prestashop.sandbox.gp.batch import add_to_batch
from gp_prestashop.sandbox.gp.money import ZERO
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.numbers import audit_trail_code, next_journal_entry, next_note_index

__all__ = ["give_back_deposit", "take_deposit"]

_DEPOSITS_ACCOUNT = """
SELECT actindx FROM {company}.sy01100 WHERE series = 3 AND ptgacdsc = 'Customer Deposits' LIMIT 1
"""
_RECEIPT_KINDS = {1: 2, 2: 1, 3: 3}  # PYMTTYPE to CM20300.RcpType: 1 check, 2 cash, 3 credit card


def take_deposit(node: Node, payment: Row, customer_name: str) -> Row:
    """Writes RM00401, RM00103, CM20100, CM20300, SOP30100, SOP30201, GL10000/GL10001 and the journal's batch.

    `payment` is the SOP10103 row to be; gives the columns that the deposit adds to it.
    """
    trail = audit_trail_code(node, "SLSDP")
    found = node.one(_DEPOSITS_ACCOUNT, {})
    account = int(found["actindx"]) if found else 0
    added: Row = {"TRXSORCE": trail, "DEPINDEX": account}
    customer = node["CUSTNMBR"]
    node.insert(
        "RM00401",
        {
            "DOCNUMBR": payment["DOCNUMBR"], "RMDTYPAL": 9, "DCSTATUS": 1, "BCHSOURC": "Sales Entry", "TRXSORCE": trail,
            "CUSTNMBR": customer, "CHEKNMBR": payment["CHEKNMBR"], "DOCDATE": payment["DOCDATE"],
        },
    )  # fmt: skip
    _move_balance(node, customer, payment["AMNTPAID"])
    _bank_receipt(node, payment, customer_name, trail)
    node.insert(
        "SOP30100",
        {
            "TRXSORCE": trail, "BCHSOURC": "Sales Entry", "BACHNUMB": trail, "CHEKBKID": payment["CHEKBKID"],
            "GLPOSTDT": payment["GLPOSTDT"], "BCHTOTAL": payment["AMNTPAID"], "NUMOFTRX": 1, "USERID": "sa",
        },
    )  # fmt: skip
    kept = ("SOPTYPE", "SOPNUMBE", "DOCDATE", "DOCNUMBR", "RMDTYPAL", "PYMTTYPE", "AMNTPAID", "OAMTPAID", "CHEKBKID",
            "CHEKNMBR", "CARDNAME", "RCTNCCRD", "EXPNDATE", "AUTHCODE", "GLPOSTDT", "CASHINDEX", "CURNCYID",
            "CURRNIDX")  # fmt: skip
    node.insert(
        "SOP30201",
        {
            **{name: payment[name] for name in kept}, "LNITMSEQ": payment["SEQNUMBR"], "CUSTNMBR": customer,
            "CUSTNAME": customer_name, "PYMNTDAT": payment["DOCDATE"], **added,
        },
    )  # fmt: skip
    _journal(node, payment, trail, int(payment["CASHINDEX"]), account)
    return added


def give_back_deposit(node: Node, payment: Row) -> None:
    """Undoes a deposit: key and history rows go, the bank receipt is voided, the journal is reversed."""
    values = {"number": payment["docnumbr"], "trail": payment["trxsorce"], "today": node.today}
    node.run("DELETE FROM {company}.rm00401 WHERE rmdtypal = 9 AND docnumbr = %(number)s", values)
    node.run("UPDATE {company}.sop30201 SET delete1 = 1 WHERE trxsorce = %(trail)s", values)
    node.run(
        "UPDATE {company}.cm20300 SET voided = 1, voiddate = %(today)s, voidpdate = %(today)s"
        " WHERE audittrail = %(trail)s",
        values,
    )
    customer = node.one(
        "SELECT custnmbr FROM {company}.sop30201 WHERE trxsorce = %(trail)s LIMIT 1", {"trail": payment["trxsorce"]}
    )
    if customer:
        _move_balance(node, customer["custnmbr"], -payment["amntpaid"])
    upper = {name.upper(): value for name, value in payment.items()}
    _journal(node, upper, payment["trxsorce"], int(payment["depindex"]), int(payment["cashindex"]))


def _move_balance(node: Node, customer: str, amount: Decimal) -> None:
    node.run(
        "INSERT INTO {company}.rm00103 (custnmbr, deprecv) VALUES (%(customer)s, %(amount)s)"
        " ON CONFLICT (custnmbr) DO UPDATE SET deprecv = rm00103.deprecv + excluded.deprecv",
        {"customer": customer, "amount": amount},
    )


def _bank_receipt(node: Node, payment: Row, customer_name: str, trail: str) -> None:
    node.run("LOCK TABLE {company}.cm20300 IN SHARE ROW EXCLUSIVE MODE", {})
    last = node.row(
        "SELECT (SELECT COALESCE(max(cmrecnum), 0) FROM {company}.cm20300) AS receipt,"
        " (SELECT COALESCE(max(cmdnumwk), 0) FROM {company}.cm20100) AS journal",
        {},
    )
    receipt = last["receipt"] + 1
    node.insert(
        "CM20100",
        {
            "CMDNUMWK": last["journal"] + 1, "RecNumControl": receipt, "CNTRLTYP": 2, "AUDITTRAIL": trail,
            "CHEKBKID": payment["CHEKBKID"], "CMTrxType": 2, "CMTrxNum": payment["DOCNUMBR"],
        },
    )  # fmt: skip
    node.insert(
        "CM20300",
        {
            "CMRECNUM": receipt, "sRecNum": str(int(receipt)), "CNTRLTYP": 2, "MODIFDT": node.today, "MDFUSRID": "sa",
            "CHEKBKID": payment["CHEKBKID"], "RCPTNMBR": payment["DOCNUMBR"], "receiptdate": payment["DOCDATE"],
            "RCPTAMT": payment["AMNTPAID"], "RcpType": _RECEIPT_KINDS[payment["PYMTTYPE"]],
            "CARDNAME": payment["CARDNAME"], "CURNCYID": payment["CURNCYID"], "CURRNIDX": payment["CURRNIDX"],
            "GLPOSTDT": payment["GLPOSTDT"], "POSTEDDT": node.today, "PTDUSRID": "sa", "CMLinkID": node["CUSTNMBR"],
            "RcvdFrom": customer_name[:31].rstrip(), "DSCRIPTN": "Sales deposit", "SRCDOCNUM": payment["SOPNUMBE"],
            "SRCDOCTYP": payment["SOPTYPE"], "AUDITTRAIL": trail, "ORIGAMT": payment["OAMTPAID"],
            "Checkbook_Amount": payment["OAMTPAID"], "Cash_Account_Index": payment["CASHINDEX"],
            "NOTEINDX": next_note_index(node),
        },
    )  # fmt: skip


def _journal(node: Node, payment: Row, trail: str, debit: int, credit: int) -> None:
    """A GL work transaction in a batch named after the audit trail code: debit cash, credit deposits."""
    entry = next_journal_entry(node)
    add_to_batch(node, "GL_Normal", trail, payment["AMNTPAID"], series=2, posting_date=payment["GLPOSTDT"])
    node.insert(
        "GL10000",
        {
            "BACHNUMB": trail, "BCHSOURC": "GL_Normal", "JRNENTRY": entry, "SOURCDOC": "SJ", "REFRENCE": "Sales deposit",
            "TRXDATE": payment["GLPOSTDT"], "SERIES": 3, "ORTRXSRC": trail, "CURNCYID": payment["CURNCYID"],
            "CURRNIDX": payment["CURRNIDX"], "DOCDATE": payment["DOCDATE"],
        },
    )  # fmt: skip
    for place, (account, is_debit) in enumerate(((debit, True), (credit, False)), start=1):
        amount, original = payment["AMNTPAID"], payment["OAMTPAID"]
        node.insert(
            "GL10001",
            {
                "BACHNUMB": trail, "JRNENTRY": entry, "SQNCLINE": place * 16384, "ACTINDX": account,
                "ORCTRNUM": payment["DOCNUMBR"], "ORDOCNUM": payment["SOPNUMBE"], "ORMSTRID": node.values.get("CUSTNMBR", ""),
                "DEBITAMT": amount if is_debit else ZERO, "ORDBTAMT": original if is_debit else ZERO,
                "CRDTAMNT": ZERO if is_debit else amount, "ORCRDAMT": ZERO if is_debit else original,
                "CURRNIDX": payment["CURRNIDX"], "INTERID": node.company.upper(),
            },
        )  # fmt: skip
