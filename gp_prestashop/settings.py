"""Settings, from ``gp_prestashop.toml`` (in ``$GPPS_HOME`` or the working folder) and ``GPPS_*`` variables.

``GPPS_SHOP__URL`` sets ``[shop] url``. Unknown keys are refused. Secrets may be references (see secrets.py).
"""

from __future__ import annotations

import os
import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from gp_prestashop.errors import ConfigError
from gp_prestashop.secrets import resolve_secret

__all__ = [
    "AnomalySettings",
    "BatchSettings",
    "CatalogueSettings",
    "GpSettings",
    "Settings",
    "ShopSettings",
    "default_home",
    "load_settings",
]

CONFIG_FILE = "gp_prestashop.toml"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ShopSettings(_Section):
    """The PrestaShop shop. ``url`` is the shop's address, with or without ``/api``."""

    url: str = ""
    key: SecretStr = SecretStr("")
    timezone: str = "UTC"  # PS_TIMEZONE: the zone of every date in the shop
    ca_bundle: str | None = None
    timeout: int = Field(60, ge=1, description="Seconds to wait for an answer")
    page_size: int = Field(100, ge=1, le=1000)
    batch_size: int = Field(200, ge=1, le=400, description="Records in one write request")
    requests_per_minute: int | None = Field(None, ge=6, description="The budget; blank: what the shop bears")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except Exception as error:
            raise ValueError(f"{value!r} is no IANA time zone (write for example Europe/Paris)") from error
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def secret_key(self) -> str:
        return resolve_secret(self.key.get_secret_value())


class BatchSettings(_Section):
    """GP batches are the integration's own: ``<prefix><yymmdd>-<n>``, at most ``size`` documents each."""

    prefix: str = Field("WEB", min_length=1, max_length=5, pattern="^[A-Z0-9]+$")
    size: int = Field(100, ge=1, le=10_000)


class GpSettings(_Section):
    """The Dynamics GP company."""

    sql_url: SecretStr = SecretStr("")
    encryption: Literal["default", "off", "request", "require"] = "default"
    company: str = ""  # INTERID, the company database's name
    company_id: int | None = None  # SY01500.CMPANYID, read from there when not set
    system_db: str = "DYNAMICS"
    writer: Literal["econnect", "webservices"] = "econnect"
    services_url: str = ""
    services_layout: Literal["legacy", "services"] = "legacy"
    services_wsdl: str = ""
    services_user: str = ""
    services_password: SecretStr = SecretStr("")
    timeout: int = Field(60, ge=1, description="Seconds to wait for a statement")
    code_page: str = "cp1252"
    page_size: int = Field(1000, ge=1, le=5000)
    batch: BatchSettings = BatchSettings()
    closed_period: Literal["hold", "move"] = "hold"  # a DOCDATE in a closed period: hold, or post on the first open day
    amend: Literal["apply", "hold"] = "apply"  # an edited order that is unposted work: changed in GP, or held
    cancel: Literal["void", "hold"] = "void"  # a cancelled order: voided in GP, or put on a process hold
    cancel_hold: str = Field("SHOP CANCELLED", min_length=1, max_length=15)  # the hold's PRCHLDID

    @property
    def secret_sql_url(self) -> str:
        return resolve_secret(self.sql_url.get_secret_value())

    @property
    def secret_services_password(self) -> str:
        return resolve_secret(self.services_password.get_secret_value())


class SopSettings(_Section):
    """What maps of sales orders use, as ``setting('sop.…')``. Blank: taken from GP's own setup (SOP40100)."""

    prefix: str = Field("PS", max_length=8)
    docid: str = ""
    invoice_docid: str = ""  # of orders whose state becomes an invoice at once
    site: str = ""
    tax_schedule: str = ""
    taxes: Literal["shop", "gp"] = "shop"  # the shop's own to the cent, or worked out by GP; what differs is held
    rate: Literal["shop", "gp"] = "shop"  # of foreign orders: the order's own, or the one of GP's exchange tables
    missing_item: str = ""  # ITEMNMBR for lines whose item GP lacks; blank: as sop.missing says
    missing: Literal["hold", "line"] = "hold"  # an item that GP lacks: the order is held, or a non-inventory line
    sites: str = ""  # LOCNCODEs with commas: a line is taken from the first that has it; blank: sop.site
    # What GP does with a line that it has too little of: sells it all the same, or back orders the rest, or all of it;
    # or the order is held. Discontinued items are never sold short.
    shortage: Literal["override", "back_order", "back_order_all", "hold"] = "override"
    allocate: Literal["document_id", "yes"] = "document_id"  # stock at entry as the document id says, or always
    tolerance: str = "0.05"  # how far the shop's own totals may differ from each other, in the order's currency


class CustomerSettings(_Section):
    """What maps of customers use, as ``setting('customer.…')``."""

    prefix: str = Field("PS", max_length=5)
    number: Literal["id", "name"] = "id"  # the prefix and the id, or with letters of the last name between them
    customer_class: str = ""
    address_code: str = Field("PRIMARY", min_length=1, max_length=15)
    match: Literal["none", "email", "email_name"] = "email_name"  # how GP's own customers, and guests, are recognised
    create: Literal["yes", "hold"] = "yes"  # whom GP lacks: made, or held until a person has seen the list
    on_hold: Literal["hold", "take"] = "hold"  # orders of customers whom GP has on hold (RM00101.HOLD): held, or taken
    guests: Literal["own", "class"] = "own"  # a customer each, or the one that value map guest_customers names


class DepositSettings(_Section):
    """What maps of deposits use, as ``setting('deposit.…')``."""

    prefix: str = Field("PSP", max_length=8)


class PaymentSettings(_Section):
    """What maps of payments use, as ``setting('payment.…')``."""

    document: Literal["deposit", "receipt"] = "deposit"  # on the order (SOP10103), or cash receipts (RM10201)
    posted: Literal["receipt", "hold"] = "receipt"  # a payment whose order GP has closed already


class RefundSettings(_Section):
    """What maps of refunds use, as ``setting('refund.…')``."""

    prefix: str = Field("PSR", max_length=8)
    document: Literal["credit_memo", "return"] = "credit_memo"
    docid: str = ""  # of SOP returns; blank: SOP40100's
    restock: Literal["yes", "no", "shop"] = (
        "no"  # a SOP return's goods: to stock, damaged, or as the shop restocked them
    )


class CatalogueSettings(_Section):
    """Which GP items are sold on the web, and which are variants of one product; see docs/to-the-shop.md.

    ``sold`` is required by the flows to the shop: ``class:WEBITEM``, ``category_1:WEB``, ``item:A,B`` or ``all``.
    """

    sold: str = ""
    create: Literal["hold", "yes"] = "hold"  # what the shop lacks: held until a person has seen the matches, or made
    variants: Literal["none", "pattern", "categories", "table"] = "none"
    pattern: str = ""  # {parent}-{colour}-{size}
    options: str = ""  # colour,size: the groups of options; with categories colour=2,size=3
    parent_category: int = Field(1, ge=1, le=6)  # the user category that names the parent
    table: str = "variants.csv"  # in the home folder: item,parent,colour,size
    price_level: str = ""  # PRCLEVEL whose price is the product's; blank: the list price (IV00105)
    discontinued: Literal["sell", "hide"] = "sell"  # items of type 2: until they are sold out, or not shown at all
    media: str = "media"  # folder of pictures and texts, in the home folder or with its whole path
    # Of products that have pictures: only what is lacking is added, or all are to be the folder's.
    replace_images: Literal["no", "yes"] = "no"
    category: str = "2"  # the shop's category for item classes that the value map item_classes does not name


class StockSettings(_Section):
    """How much of an item the shop may sell, as ``setting('stock.…')``."""

    sites: str = ""  # LOCNCODEs with commas; blank: all sites
    safety: int = Field(0, ge=0, description="Pieces kept back of each item")
    unallocated: Literal["yes", "no"] = "yes"  # open lines without allocation count as sold
    back_orders: Literal["yes", "no"] = "no"  # QTYBKORD counts as sold
    negative: Literal["yes", "no"] = "no"
    # Orders for more than there is: left as the shop has it; as GP allows back orders (ALWBKORD, never of discontinued
    # items); or the same for all.
    out_of_stock: Literal["keep", "gp", "deny", "allow", "default"] = "keep"
    guard: Literal["yes", "no"] = "yes"  # what shop orders took that GP has not seen is subtracted


class FulfilmentSettings(_Section):
    """What the shop is told of orders, as ``setting('fulfilment.…')``."""

    email: Literal["yes", "no"] = "no"  # the state's e-mail goes to the customer (sendemail=1)
    final_states: str = "5,6,7"  # shop states that are never left: delivered, cancelled, refunded


class LanguageModelSettings(_Section):
    """An optional language model that reranks, explains and drafts; never needed. ``off`` sends nothing anywhere."""

    provider: Literal["off", "anthropic", "openai"] = "off"  # openai: any server that answers its chat completions
    url: str = ""  # blank: the provider's own
    model: str = ""
    key: SecretStr = SecretStr("")
    timeout: int = Field(20, ge=1, le=300, description="Seconds to wait for an answer")
    max_tokens: int = Field(800, ge=16, le=8000)

    @property
    def secret_key(self) -> str:
        return resolve_secret(self.key.get_secret_value())


class AnomalySettings(_Section):
    """What is done about orders that look wrong, before they are delivered. Scores are from 0 to 1."""

    policy: Literal["off", "warn", "hold"] = "warn"  # hold: an order waits until a person lets it go on
    warn_from: float = Field(0.5, ge=0.05, le=1.0)
    hold_from: float = Field(0.8, ge=0.05, le=1.0)
    never_hold: tuple[str, ...] = ()  # kinds that only ever warn: quantity, duplicate …
    history: int = Field(365, ge=1, le=3650, description="Days of recorded orders that show what is usual")


class AssistSettings(_Section):
    """Suggestions: which of them a person must look at, and from which confidence on one is sure."""

    review: Literal["always", "low-confidence", "never"] = "always"
    sure: float = Field(0.95, ge=0.5, le=1.0)
    anomalies: AnomalySettings = AnomalySettings()
    language_model: LanguageModelSettings = LanguageModelSettings()


class Settings(BaseSettings):
    """All settings. Build with :func:`load_settings`, which explains what is wrong."""

    model_config = SettingsConfigDict(env_prefix="GPPS_", env_nested_delimiter="__", extra="forbid", frozen=True)

    home: Path = Field(
        default_factory=lambda: default_home()  # noqa: PLW0108  defined below
    )
    database_url: SecretStr = SecretStr("")  # blank: the embedded Postgres in home
    go_live: date | None = None
    shop: ShopSettings = ShopSettings()
    gp: GpSettings = GpSettings()
    sop: SopSettings = SopSettings()
    customer: CustomerSettings = CustomerSettings()
    deposit: DepositSettings = DepositSettings()
    payment: PaymentSettings = PaymentSettings()
    refund: RefundSettings = RefundSettings()
    catalogue: CatalogueSettings = CatalogueSettings()
    stock: StockSettings = StockSettings()
    fulfilment: FulfilmentSettings = FulfilmentSettings()
    assist: AssistSettings = AssistSettings()
    vars: dict[str, str] = {}  # free settings of site flows, as setting('vars.…')

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        files = [default_home() / CONFIG_FILE, Path(CONFIG_FILE)]
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=files))

    @property
    def secret_database_url(self) -> str:
        return resolve_secret(self.database_url.get_secret_value())

    def require_go_live(self) -> date:
        """The go-live day. Raises ConfigError when it is not set: older orders must never reach GP by accident."""
        if self.go_live is None:
            raise ConfigError(
                "go_live_missing",
                "No go-live date is set, so it is not known which orders are GP's already.",
                remedy="Set GPPS_GO_LIVE (or go_live in gp_prestashop.toml) to the first day whose orders GP shall get.",
            )
        return self.go_live


def default_home() -> Path:
    """``$GPPS_HOME``, or ``.gpps`` in the working folder."""
    return Path(os.environ.get("GPPS_HOME", ".gpps")).absolute()


def load_settings() -> Settings:
    """Read all settings. Raises ConfigError with one sentence for each wrong one."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ConfigError(
            "settings_invalid",
            f"The settings are wrong: {wrong}.",
            remedy=f"Mend {CONFIG_FILE} or the GPPS_* variables of that name.",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            "settings_unreadable",
            f"{CONFIG_FILE} is not TOML in UTF-8: {error}.",
            remedy="Mend it, and save it as UTF-8.",
        ) from error


@lru_cache(maxsize=1)
def cached_settings() -> Settings:
    """Settings read once for the life of the process (Dagster code locations)."""
    return load_settings()
