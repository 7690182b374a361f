"""The WSDL and its schemas, generated from the description of the legacy endpoint (data/services.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

__all__ = ["description", "namespaces", "schema", "wsdl"]

XSD = "http://www.w3.org/2001/XMLSchema"
PREFIXES = {"": "gp", "dyn": "dyn", "sec": "sec", "wt": "wt", "xs": "xs"}


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """operations, types, arrays and enums, as in the reference."""
    text = files("gp_prestashop.sandbox.soap").joinpath("data/services.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def namespaces() -> dict[str, str]:
    """Namespace by our prefix: gp, dyn, sec, wt, xs."""
    by_prefix = description()["_meta"]["namespaces"]
    return {PREFIXES[prefix.rstrip(":")]: uri for prefix, uri in by_prefix.items()}


def wsdl(address: str) -> str:
    """The WSDL document, document/literal over SOAP 1.1, with the service at ``address``."""
    spaces = namespaces()
    operations = description()["operations"]
    declared = " ".join(f"xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in spaces.items() if prefix != "xs")
    messages = "".join(
        f'<wsdl:message name="{name}{suffix}"><wsdl:part name="parameters" element="gp:{name}{element}"/></wsdl:message>'
        for name in operations
        for suffix, element in (("SoapIn", ""), ("SoapOut", "Response"))
    )
    ports = "".join(
        f'<wsdl:operation name="{name}"><wsdl:input message="gp:{name}SoapIn"/>'
        f'<wsdl:output message="gp:{name}SoapOut"/></wsdl:operation>'
        for name in operations
    )
    body = '<soap:body use="literal"/>'
    bindings = "".join(
        f'<wsdl:operation name="{name}"><soap:operation soapAction="{spaces["gp"]}/{name}" style="document"/>'
        f"<wsdl:input>{body}</wsdl:input><wsdl:output>{body}</wsdl:output></wsdl:operation>"
        for name in operations
    )
    service, port = description()["_meta"]["legacy"]["service_port"]
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"'
        f' xmlns:xs="{XSD}" {declared} targetNamespace="{spaces["gp"]}">'
        f"<wsdl:types>{''.join(_schemas().values())}</wsdl:types>{messages}"
        f'<wsdl:portType name="{service}Soap">{ports}</wsdl:portType>'
        f'<wsdl:binding name="{service}Soap" type="gp:{service}Soap">'
        f'<soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>{bindings}</wsdl:binding>'
        f'<wsdl:service name="{service}"><wsdl:port name="{port}" binding="gp:{service}Soap">'
        f"<soap:address location={quoteattr(address)}/></wsdl:port></wsdl:service></wsdl:definitions>"
    )


@lru_cache(maxsize=1)
def schema() -> etree.XMLSchema:
    """The schemas compiled, to refuse what a real serializer would not read (order of elements, missing ones)."""
    texts = _schemas(located=True)
    by_location = {f"mem:{prefix}": text for prefix, text in texts.items()}

    class Resolver(etree.Resolver):
        def resolve(self, url: str, _pubid: str, context: Any) -> Any:  # type: ignore[override]
            return self.resolve_string(by_location[url], context)  # type: ignore[call-arg]

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    parser.resolvers.add(Resolver())
    return etree.XMLSchema(etree.fromstring(texts["gp"], parser))


@lru_cache(maxsize=2)
def _schemas(*, located: bool = False) -> dict[str, str]:
    """Schemas by prefix; ``located`` tells where each import is, which a WSDL must not (it holds them all)."""
    return {prefix: _schema_text(prefix, located=located) for prefix in ("gp", "dyn", "sec", "wt")}


def _schema_text(prefix: str, *, located: bool) -> str:
    spaces = namespaces()
    declared = " ".join(f"xmlns:{p}={quoteattr(uri)}" for p, uri in spaces.items() if p != "xs")
    imports = "".join(
        f'<xs:import namespace="{uri}"' + (f' schemaLocation="mem:{p}"/>' if located else "/>")
        for p, uri in spaces.items()
        if p not in (prefix, "xs")
    )
    parts = list(_named_types(prefix)) + (list(_wrappers()) if prefix == "gp" else [])
    return (
        f'<xs:schema xmlns:xs="{XSD}" {declared} elementFormDefault="qualified" targetNamespace="{spaces[prefix]}">'
        f"{imports}{''.join(parts)}</xs:schema>"
    )


def _named_types(prefix: str) -> Iterator[str]:
    data = description()
    for name, enum in data["enums"].items():
        if _split(name)[0] == prefix:
            values = "".join(f"<xs:enumeration value={quoteattr(value)}/>" for value in enum["values"])
            yield f'<xs:simpleType name="{_split(name)[1]}"><xs:restriction base="xs:string">{values}</xs:restriction></xs:simpleType>'
    for name, (item, kind) in data["arrays"].items():
        if _split(name)[0] == prefix:
            element = (
                f'<xs:element minOccurs="0" maxOccurs="unbounded" name="{item}" nillable="true" type="{_qname(kind)}"/>'
            )
            yield f'<xs:complexType name="{_split(name)[1]}"><xs:sequence>{element}</xs:sequence></xs:complexType>'
    for name, kind in data["types"].items():
        if _split(name)[0] == prefix:
            yield _complex_type(_split(name)[1], kind)


def _complex_type(name: str, kind: dict[str, Any]) -> str:
    abstract = ' abstract="true"' if kind.get("abstract") else ""
    content = _content(kind.get("elements", []))
    if base := kind.get("base"):
        content = f'<xs:complexContent><xs:extension base="{_qname(base)}">{content}</xs:extension></xs:complexContent>'
    return f'<xs:complexType name="{name}"{abstract}>{content}</xs:complexType>'


def _content(elements: list[list[Any]]) -> str:
    plain = [_element(e) for e in elements if not str(e[0]).startswith("@") and "choice" not in _flags(e)]
    choices = [_element(e) for e in elements if "choice" in _flags(e)]
    attributes = [f'<xs:attribute name="{e[0][1:]}" type="xs:string"/>' for e in elements if str(e[0]).startswith("@")]
    choice = f"<xs:choice>{''.join(choices)}</xs:choice>" if choices else ""
    return f"<xs:sequence>{''.join(plain)}{choice}</xs:sequence>{''.join(attributes)}"


def _element(element: list[Any]) -> str:
    name, kind = element[0], element[1]
    if kind == "(inline)":
        return (
            f'<xs:element minOccurs="0" name="{name}"><xs:complexType><xs:sequence>'
            '<xs:any processContents="skip" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>'
        )
    flags = _flags(element)
    attributes = f' minOccurs="{1 if "minOccurs=1" in flags or "choice" in flags else 0}"'
    attributes += ' maxOccurs="unbounded"' if "list" in flags else ""
    attributes += ' nillable="true"' if "nillable" in flags else ""
    return f'<xs:element{attributes} name="{name}" type="{_qname(kind)}"/>'


def _wrappers() -> Iterator[str]:
    for name, operation in description()["operations"].items():
        for suffix, fields in (("", operation["in"]), ("Response", operation["out"])):
            elements = "".join(f'<xs:element minOccurs="0" name="{n}" type="{_qname(t)}"/>' for n, t in fields)
            yield (
                f'<xs:element name="{name}{suffix}"><xs:complexType><xs:sequence>{elements}</xs:sequence>'
                "</xs:complexType></xs:element>"
            )


def _flags(element: list[Any]) -> set[str]:
    return set(element[2].split(",")) if len(element) > 2 and isinstance(element[2], str) else set()


def _split(name: str) -> tuple[str, str]:
    prefix, colon, local = name.rpartition(":")
    return (PREFIXES[prefix] if colon else "gp"), local


def _qname(name: str) -> str:
    return ":".join(_split(name))
