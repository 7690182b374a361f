"""taUpdateCreateCustomerRcd: a customer, RM00101 with its summary RM00103, and its addresses."""

from __future__ import annotations

from gp_prestashop.sandbox.gp.accounts import account_indexes
from gp_prestashop.sandbox.gp.calls import ProcedureResult
from gp_prestashop.sandbox.gp.node import Node, Row
from gp_prestashop.sandbox.gp.notes import save_note
from gp_prestashop.sandbox.gp.numbers import next_note_index
from gp_prestashop.sandbox.gp.procedures import customer_addresses
from gp_prestashop.sandbox.gp.procedures.customer_checks import check_arguments, check_facts
from gp_prestashop.sandbox.gp.shipping import ensure_shipping_method

__all__ = ["execute"]

# Column of RM00101 = parameter, where they differ; columns of the first line are named alike.
_COLUMNS = {
    **{name: name for name in (
        "CUSTNAME", "CUSTCLAS", "CNTCPRSN", "STMTNAME", "SHRTNAME", "ADRSCODE", "UPSZONE", "SHIPMTHD", "TAXSCHID",
        "ADDRESS1", "ADDRESS2", "ADDRESS3", "COUNTRY", "CITY", "STATE", "FAX", "PRBTADCD", "PRSTADCD", "STADDRCD",
        "SLPRSNID", "CHEKBKID", "PYMTRMID", "CRLMTTYP", "CRLMTAMT", "CRLMTPER", "CRLMTPAM", "CURNCYID", "RATETPID",
        "PRCLEVEL", "MINPYTYP", "MINPYDLR", "FNCHATYP", "FINCHDLR", "MXWOFTYP", "MXWROFAM", "COMMENT1", "COMMENT2",
        "USERDEF1", "USERDEF2", "TAXEXMT1", "TAXEXMT2", "TXRGNNUM", "BALNCTYP", "STMTCYCL", "BANKNAME", "BNKBRNCH",
        "SALSTERR", "DEFCACTY", "INACTIVE", "HOLD", "CRCARDID", "CRCRDNUM", "CCRDXPDT", "KPDSTHST", "KPCALHST",
        "KPERHIST", "KPTRXHST", "Revalue_Customer", "DISGRPER", "DUEGRPER", "Send_Email_Statements", "USERLANG",
        "GPSFOINTEGRATIONID", "INTEGRATIONSOURCE", "INTEGRATIONID", "ORDERFULFILLDEFAULT", "CUSTPRIORITY", "CCode",
        "SHIPCOMPLETE", "INCLUDEINDP",
    )},
    "ZIP": "ZIPCODE", "PHONE1": "PHNUMBR1", "PHONE2": "PHNUMBR2", "PHONE3": "PHNUMBR3",
    "Post_Results_To": "Post_Results_To",
}  # fmt: skip
_PERCENTS = {"CUSTDISC": "CUSTDISC", "FNCHPCNT": "FNCHPCNT", "MINPYPCT": "MINPYPCT"}  # stored x 100
_FROM_CLASS = (
    "CRLMTTYP", "CRLMTAMT", "CRLMTPER", "CRLMTPAM", "BALNCTYP", "CHEKBKID", "BANKNAME", "TAXSCHID", "SHIPMTHD", "PYMTRMID",
    "CUSTDISC", "MINPYTYP", "MINPYDLR", "MINPYPCT", "MXWOFTYP", "MXWROFAM", "FNCHATYP", "FINCHDLR", "FNCHPCNT", "PRCLEVEL",
    "CURNCYID", "RATETPID", "DEFCACTY", "RMCSHACC", "RMARACC", "RMCOSACC", "RMIVACC", "RMSLSACC", "RMAVACC", "RMTAKACC",
    "RMFCGACC", "RMWRACC", "RMSORACC", "SALSTERR", "SLPRSNID", "STMTCYCL", "KPCALHST", "KPDSTHST", "KPERHIST", "KPTRXHST",
    "Revalue_Customer", "Post_Results_To", "DISGRPER", "DUEGRPER", "ORDERFULFILLDEFAULT", "CUSTPRIORITY",
    "RMOvrpymtWrtoffAcctIdx", "INCLUDEINDP",
)  # fmt: skip
# Parameter of an account, its error number and its column.
_ACCOUNTS = {
    "RMCSHACTNUMST": (7864, "RMCSHACC"), "RMARACTNUMST": (7865, "RMARACC"), "RMSLSACTNUMST": (7866, "RMSLSACC"),
    "RMCOSACTNUMST": (7867, "RMCOSACC"), "RMIVACTNUMST": (7868, "RMIVACC"), "RMTAKACTNUMST": (7869, "RMTAKACC"),
    "RMAVACTNUMST": (7870, "RMAVACC"), "RMFCGACTNUMST": (7871, "RMFCGACC"), "RMWRACTNUMST": (7872, "RMWRACC"),
    "RMSORACTNUMST": (7874, "RMSORACC"), "RMOvrpymtWrtoffACTNUMST": (7873, "RMOvrpymtWrtoffAcctIdx"),
}  # fmt: skip

_FACTS = """
SELECT c.custnmbr, c.adrscode, c.prbtadcd, c.prstadcd, c.staddrcd, c.noteindx, c.balnctyp, m.custblnc,
       l.classid, EXISTS (SELECT 1 FROM {company}.sop10100 WHERE custnmbr = %(CUSTNMBR)s) AS documents,
       EXISTS (SELECT 1 FROM {company}.tx00101 WHERE taxschid = %(TAXSCHID)s) AS taxschid,
       EXISTS (SELECT 1 FROM {company}.rm00301 WHERE slprsnid = %(SLPRSNID)s) AS slprsnid,
       EXISTS (SELECT 1 FROM {company}.rm00303 WHERE salsterr = %(SALSTERR)s) AS salsterr,
       EXISTS (SELECT 1 FROM {company}.sy03300 WHERE pymtrmid = %(PYMTRMID)s) AS pymtrmid,
       EXISTS (SELECT 1 FROM {company}.iv40800 WHERE prclevel = %(PRCLEVEL)s) AS prclevel,
       EXISTS (SELECT 1 FROM {company}.vat10001 WHERE ccode = %(CCode)s) AS ccode,
       EXISTS (SELECT 1 FROM {company}.sy03100 WHERE cardname = %(CRCARDID)s) AS crcardid,
       EXISTS (SELECT 1 FROM {company}.mc40100 WHERE ratetpid = %(RATETPID)s) AS ratetpid,
       EXISTS (SELECT 1 FROM {company}.cm00100 WHERE chekbkid = %(CHEKBKID)s) AS chekbkid,
       EXISTS (SELECT 1 FROM {system}.mc40200 WHERE curncyid = %(CURNCYID)s) AS curncyid,
       EXISTS (SELECT 1 FROM {system}.mc60100 a JOIN {system}.sy01500 s ON s.cmpanyid = a.cmpanyid
               WHERE a.curncyid = %(CURNCYID)s AND a.inactive = 0 AND s.interid = %(interid)s) AS currency_access
FROM (SELECT 1) one
LEFT JOIN {company}.rm00101 c ON c.custnmbr = %(CUSTNMBR)s
LEFT JOIN {company}.rm00103 m ON m.custnmbr = c.custnmbr
LEFT JOIN {company}.rm00201 l ON l.classid = %(CUSTCLAS)s
"""


def execute(node: Node) -> ProcedureResult:
    if not check_arguments(node):
        return node.result()
    x = node.row(_FACTS, {**node.values, "interid": node.company.upper()})
    check_facts(node, x)
    accounts = account_indexes(node, {name: number for name, (number, _) in _ACCOUNTS.items()})
    if node.errors:
        return node.result()
    ensure_shipping_method(node, node["SHIPMTHD"] or "")
    given = {**_given(node), **{_ACCOUNTS[name][1]: index for name, index in accounts.items()}}
    if x["custnmbr"] is None:
        x = _create(node, x, given)
    else:
        if given:
            node.update("RM00101", {**given, "MODIFDT": node.today}, {"CUSTNMBR": node["CUSTNMBR"]})
        save_note(node, x["noteindx"], node["NOTETEXT"])
    _statement_recipients(node)
    customer_addresses.ensure(node, x)
    return node.result()


def _given(node: Node) -> Row:
    """Columns of the parameters that are not NULL."""
    row = {column: node[name] for column, name in _COLUMNS.items() if node[name] is not None}
    row |= {column: int(node[name] * 100) for column, name in _PERCENTS.items() if node[name] is not None}
    for name in ("GPSFOINTEGRATIONID", "INTEGRATIONSOURCE", "INTEGRATIONID"):
        if not node.given(name):  # default '' and 0, so an omitted one cannot mean "blank it"
            row.pop(name, None)
    return row


def _create(node: Node, x: Row, given: Row) -> Row:
    name = given.get("CUSTNAME", "")
    main = given.get("ADRSCODE", "")
    row: Row = {
        "STMTNAME": name, "SHRTNAME": name[:15].rstrip(), "PRBTADCD": main, "PRSTADCD": main, "STADDRCD": main,
        "ORDERFULFILLDEFAULT": 1, "CUSTPRIORITY": 1, "STMTCYCL": 5, "KPCALHST": 1, "KPERHIST": 1, "KPTRXHST": 1,
        "KPDSTHST": 1,
    }  # fmt: skip
    if node["UseCustomerClass"] == 1:
        row |= _class_defaults(node)
    index = next_note_index(node)
    row |= given | {
        "CUSTNMBR": node["CUSTNMBR"], "NOTEINDX": index, "CREATDDT": node.today, "MODIFDT": node.today,
    }  # fmt: skip
    node.insert("RM00101", row)
    node.run("INSERT INTO {company}.rm00103 (custnmbr) VALUES (%(CUSTNMBR)s) ON CONFLICT DO NOTHING")
    save_note(node, index, node["NOTETEXT"])
    return {**x, **{name: row[name.upper()] for name in ("prbtadcd", "prstadcd", "staddrcd")}, "adrscode": main}


def _class_defaults(node: Node) -> Row:
    found = node.row("SELECT * FROM {company}.rm00201 WHERE classid = %(CUSTCLAS)s")
    return {name: found[name.lower()] for name in _FROM_CLASS}


def _statement_recipients(node: Node) -> None:
    """E-mail addresses of statements, RM00106: Email_Type 1 to, 2 copy, 3 blind copy; '' removes one."""
    for kind, name in enumerate(("ToEmail_Recipient", "CcEmail_Recipient", "BccEmail_Recipient"), start=1):
        if node[name] is None:
            continue
        key = {"CUSTNMBR": node["CUSTNMBR"], "Email_Type": kind}
        node.run("DELETE FROM {company}.rm00106 WHERE custnmbr = %(CUSTNMBR)s AND email_type = %(Email_Type)s", key)
        if node[name]:
            node.insert("RM00106", {**key, "Email_Recipient": node[name]})
