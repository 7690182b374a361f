"""``/images``: pictures of products. Other kinds of pictures are listed, and empty."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP

from gp_prestashop.sandbox.shop.answers import HEAD, TAIL
from gp_prestashop.sandbox.shop.columns import whole
from gp_prestashop.sandbox.shop.refusal import Refusal
from gp_prestashop.sandbox.shop.store import Row, ShopStore

__all__ = ["Picture", "pictures"]

KINDS = ("general", "products", "categories", "manufacturers", "suppliers", "stores", "customizations")
TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
SIZES = ((1, "cart_default"), (4, "home_default"), (5, "large_default"), (3, "medium_default"), (2, "small_default"))
_FLAGS = 'get="true" put="false" post="false" patch="false" delete="false" head="true"'


@dataclass(frozen=True)
class Picture:
    """The file itself."""

    content: bytes
    kind: str


def pictures(store: ShopStore, method: str, path: list[str], base: str, body: bytes, kind: str) -> str | Picture:
    """The answer to a request below ``/images``; ``path`` is what follows, ``kind`` the Content-Type of what was sent.

    Raises Refusal 404 for what is not there, 400/73 for a file that is no picture, 400/76 without a file.
    """
    parts = [one for one in path if one]
    if not parts:
        return _root(store, base)
    if parts[0] not in KINDS:
        raise Refusal(404)
    if len(parts) == 1:
        return _kind(store, parts[0], base)
    product = store.get("products", whole(parts[1])) if parts[0] == "products" else None
    if product is None:
        raise Refusal(404)
    if len(parts) == 2:
        return _add(store, product, body, kind, base) if method == "POST" else _declinations(product, base)
    image = whole(parts[2])
    if (int(product["id"]), image) not in store.files:
        raise Refusal(404)
    if method == "DELETE":
        return _remove(store, product, image)
    if method in ("POST", "PUT"):
        store.files[int(product["id"]), image] = _sent(body, kind)
        return _answer(store, product, image, base)
    content = store.files[int(product["id"]), image]
    return Picture(content, _type_of(content) or "application/octet-stream")


def _root(store: ShopStore, base: str) -> str:
    flags = _FLAGS.replace(' patch="false"', "") if store.legacy else _FLAGS
    allowed = ["image/gif", "image/jpg", "image/jpeg", "image/pjpeg", "image/png", "image/webp", "image/x-png"]
    types = ", ".join(one for one in allowed if not (store.legacy and one == "image/webp"))
    listed = "".join(
        f'<{one} xlink:href="{base}images/{one}" {flags} upload_allowed_mimetypes="{types}"/>\n' for one in KINDS
    )
    return f"{HEAD}<image_types>\n{listed}</image_types>\n{TAIL}"


def _kind(store: ShopStore, kind: str, base: str) -> str:
    sizes = "".join(
        f'<image_type id="{one}" name="{name}" xlink:href="{base}image_types/{one}"/>\n' for one, name in SIZES
    )
    owners = sorted({product for product, _ in store.files}) if kind == "products" else []
    images = "".join(f'<image id="{one}" xlink:href="{base}images/{kind}/{one}"/>\n' for one in owners)
    return f"{HEAD}<image_types>\n{sizes}</image_types>\n<images>\n{images}</images>\n{TAIL}"


def _declinations(product: Row, base: str) -> str:
    owner = product["id"]
    images = "".join(
        f'<declination id="{one["id"]}" xlink:href="{base}images/products/{owner}/{one["id"]}"/>\n'
        for one in _images(product)
    )
    return f'{HEAD}<image id="{owner}">\n{images}</image>\n{TAIL}'


def _images(product: Row) -> list[Row]:
    rows: list[Row] = product.get("associations", {}).get("images", [])
    return rows


def _add(store: ShopStore, product: Row, body: bytes, kind: str, base: str) -> str:
    content = _sent(body, kind)
    image = max((one for _, one in store.files), default=0) + 1
    store.files[int(product["id"]), image] = content
    images = [*_images(product), {"id": str(image)}]
    associations = product.get("associations", {}) | {"images": images}
    product = store.change("products", product["id"], associations=associations)
    return _answer(store, product, image, base)


def _remove(store: ShopStore, product: Row, image: int) -> str:
    del store.files[int(product["id"]), image]
    images = [one for one in _images(product) if one["id"] != str(image)]
    store.change("products", product["id"], associations=product["associations"] | {"images": images})
    return ""


def _answer(store: ShopStore, product: Row, image: int, base: str) -> str:
    ids = [one["id"] for one in _images(product)]
    position = ids.index(str(image)) + 1
    content = base64.b64encode(store.files[int(product["id"]), image]).decode()
    legends = "".join(
        f'<language id="{one}" xlink:href="{base}languages/{one}"><![CDATA[]]></language>' for one in store.languages
    )
    fields = "".join(
        f"<{name}><![CDATA[{value}]]></{name}>\n"
        for name, value in (
            ("id", image),
            ("id_product", product["id"]),
            ("position", position),
            ("cover", "1" if position == 1 else ""),
        )
    )
    return (
        f"{HEAD}<image>\n{fields}<legend>{legends}</legend>\n</image>\n"
        f'<content encode="base64"><![CDATA[{content}]]></content>\n{TAIL}'
    )


def _sent(body: bytes, kind: str) -> bytes:
    """The file in the field ``image`` of a multipart form."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    for part in message.iter_parts() if message.is_multipart() else ():
        if part.get_param("name", header="content-disposition") == "image":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and _type_of(content):
                return content
            allowed = '", "'.join(sorted(TYPES.values()))
            raise Refusal(400, (73, f"This type of image format is not allowed, allowed formats are: {allowed}"))
    raise Refusal(400, (76, 'Please set an "image" parameter with image data for value'))


def _type_of(content: bytes) -> str | None:
    return next((kind for start, kind in TYPES.items() if content.startswith(start)), None)
