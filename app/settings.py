"""What can be set from outside, with working defaults; docs/operations.md lists them."""

import ipaddress
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Mode(StrEnum):
    """How the server behaves: only a demo signs people in with a click."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Provider:
    """Whose sign-in is taken: its word in addresses, its name, where it describes itself, and our key there."""

    key: str
    name: str
    discovery: str
    client_id: str
    client_secret: str = field(repr=False)


DISCOVERY = "/.well-known/openid-configuration"
MICROSOFT = "https://login.microsoftonline.com"


class Settings(BaseSettings):
    """All settings, read once from the environment (`HALFTERM_*`)."""

    model_config = SettingsConfigDict(env_prefix="HALFTERM_", env_ignore_empty=True, extra="ignore", frozen=False)

    data_dir: Path = Path("var")
    database_url: str | None = None
    port: int = Field(default=8000, ge=1, le=65535, validation_alias="PORT")
    base_url: str = ""
    secret_key: str = ""
    smtp_url: str | None = None
    mail_from: str = "Halfterm <halfterm@localhost>"
    mail_replies: str = ""
    imap_url: str = ""
    mail_incoming_secret: str = ""
    mode: Mode = Mode.PRODUCTION
    now: datetime | None = None
    trusted_proxies: str = "127.0.0.1"
    oidc_google_client_id: str = ""
    oidc_google_client_secret: str = ""
    oidc_microsoft_client_id: str = ""
    oidc_microsoft_client_secret: str = ""
    oidc_microsoft_directory: str = ""
    oidc_dfe_client_id: str = ""
    oidc_dfe_client_secret: str = ""
    oidc_name: str = "single sign-on"
    oidc_discovery: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    feed_rate_limit: bool = True
    upload_limit_mb: int = Field(default=100, ge=1, le=2000)
    log_level: str = "info"

    @field_validator("database_url")
    @classmethod
    def _a_postgres_url(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("postgresql://", "postgres://")):
            raise ValueError("it must begin with postgresql://")
        return url

    @field_validator("smtp_url")
    @classmethod
    def _an_smtp_url(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("smtp://", "smtps://")):
            raise ValueError("it must begin with smtp:// or smtps://")
        return url

    @field_validator("imap_url")
    @classmethod
    def _an_imap_url(cls, url: str) -> str:
        if url and not url.startswith(("imaps://", "imap://")):
            raise ValueError("it must begin with imaps://, such as imaps://user:password@mail.example/INBOX")
        return url

    @field_validator("base_url")
    @classmethod
    def _a_web_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("it must begin with http:// or https://")
        return url.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses_or_networks(cls, listed: str) -> str:
        found = [one.strip() for one in listed.split(",") if one.strip()]
        for one in found:
            try:
                ipaddress.ip_network(one, strict=False)
            except ValueError:
                raise ValueError(f"{one} is no address or network, such as 10.0.0.5 or 10.0.0.0/24") from None
        return ",".join(found)

    @field_validator("now")
    @classmethod
    def _with_a_zone(cls, now: datetime | None) -> datetime | None:
        if now is not None and now.tzinfo is None:
            raise ValueError("it needs a zone, for example 2026-11-21T09:30:00+00:00")
        return now

    @model_validator(mode="after")
    def _the_clock_is_real_in_production(self) -> "Settings":
        if self.now is not None and self.mode is Mode.PRODUCTION:
            raise ValueError("HALFTERM_NOW sets the clock in test and demo mode only")
        return self

    @model_validator(mode="after")
    def _providers_are_whole(self) -> "Settings":
        for key, name, discovery, client_id, secret in self._named_providers():
            if any((client_id, secret)) and not all((discovery, client_id, secret)):
                needs = "its client id, its client secret and where it describes itself (docs/operations.md)"
                raise ValueError(f"The settings HALFTERM_OIDC_* for {name} are not complete: it needs {needs}")
            if discovery and not discovery.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
                raise ValueError(f"The address at which {name} describes itself must begin with https:// ({key})")
        return self

    def _named_providers(self) -> tuple[tuple[str, str, str, str, str], ...]:
        directory = self.oidc_microsoft_directory
        microsoft = f"{MICROSOFT}/{directory}/v2.0{DISCOVERY}" if directory else ""
        google, dfe = f"https://accounts.google.com{DISCOVERY}", f"https://oidc.signin.education.gov.uk{DISCOVERY}"
        return (
            ("microsoft", "Microsoft", microsoft, self.oidc_microsoft_client_id, self.oidc_microsoft_client_secret),
            ("google", "Google", google, self.oidc_google_client_id, self.oidc_google_client_secret),
            ("dfe", "DfE Sign-in", dfe, self.oidc_dfe_client_id, self.oidc_dfe_client_secret),
            ("own", self.oidc_name, self.oidc_discovery, self.oidc_client_id, self.oidc_client_secret),
        )

    @property
    def providers(self) -> tuple[Provider, ...]:
        """Whose sign-in is taken, in the order in which they are offered."""
        return tuple(Provider(*one) for one in self._named_providers() if one[3])

    @property
    def replies_to(self) -> str:
        """The address that answers to invitations are sent to: as set, or the one that mail comes from."""
        return parseaddr(self.mail_replies or self.mail_from)[1]

    @property
    def address(self) -> str:
        """Where people reach this server, without a slash at the end."""
        return self.base_url or f"http://127.0.0.1:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether people come over HTTPS: cookies are then marked for it."""
        return self.address.startswith("https://")

    @cached_property
    def secret(self) -> bytes:
        """The key for signatures: as set, or made once into the data folder."""
        if self.secret_key:
            return self.secret_key.encode()
        path = self.data_dir / "secret.key"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text().encode()


class BadSettingError(Exception):
    """A setting has a value that cannot be used; the sentence names it."""


def read_settings(**overrides: object) -> Settings:
    """Settings from the environment; raises BadSettingError with one sentence that names the setting."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        where = str(first["loc"][0]) if first["loc"] else ""
        name = "PORT" if where.upper() == "PORT" else f"HALFTERM_{where.upper()}"
        because = str(first["msg"]).removeprefix("Value error, ")
        sentence = f"{name} cannot be used: {because}." if where else f"{because}."
        raise BadSettingError(sentence) from None
