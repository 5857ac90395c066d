"""What an operator may set, by environment (`SVCQA_…`) or `.env`. Every field is described in docs/settings.md."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

DATABASES = frozenset({"sqlite", "postgresql", "postgres"})
NO_DATABASE = "数据库地址不能识别，请写 postgresql://用户@主机:端口/库名，留空则使用 SQLite 文件"


def _addresses(text: str) -> str:
    for one in text.split(",") if text else ():
        ip_network(one.strip())
    return text


def _database(text: str) -> str:
    if text and text.partition("://")[0].partition("+")[0] not in DATABASES:
        raise ValueError(NO_DATABASE)
    return text


Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """One frozen value for the whole process; nothing reads the environment elsewhere."""

    model_config = SettingsConfigDict(env_prefix="SVCQA_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Path("var")
    database_url: Annotated[str, AfterValidator(_database)] = ""
    checkpoint_dir: str = ""
    base_url: str = "http://127.0.0.1:8400"
    web_host: str = "127.0.0.1"
    web_port: Port = 8400
    trusted_proxies: Annotated[str, AfterValidator(_addresses)] = ""
    development: bool = False
    clock: str = "system"
    secret_key: SecretStr = SecretStr("")
    working_hours: str = "08:30-12:00,14:00-17:30"
    regulation: str = "complaints-trial"
    assessed_units: str = ""
    prefect_port: Port = 4210
    prefect_url: str = ""
    log_format: Literal["", "json", "text"] = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    metrics_token: SecretStr = SecretStr("")

    smtp_host: str = "127.0.0.1"
    smtp_port: Port = 8425
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = "kefu@example.com"
    mail_from_name: str = "客服部服务质量考核"
    mail_contact: str = "客服部 服务质量考核室"

    session_idle_minutes: int = 30
    session_hours: int = 12
    upload_megabytes: int = 20

    @property
    def database(self) -> str:
        """The database address: the one set, or an SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'svcqa.db'}"

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The reverse proxies whose word about a visitor is believed."""
        return tuple(ip_network(one.strip()) for one in self.trusted_proxies.split(",") if one.strip())

    @property
    def assessed_unit_codes(self) -> tuple[str, ...]:
        """The codes of the units whose cycles the schedule opens."""
        return tuple(code.strip() for code in self.assessed_units.split(",") if code.strip())

    @property
    def prefect_address(self) -> str:
        """Where people reach Prefect's pages: the address set, or the server that `svcqa up` runs."""
        return self.prefect_url.rstrip("/") or f"http://127.0.0.1:{self.prefect_port}"

    @property
    def prefect_dir(self) -> Path:
        """Where the Prefect server of `svcqa up` keeps its database."""
        return self.data_dir / "prefect"

    @property
    def checkpoint_folder(self) -> Path:
        """Where the signed checkpoints of the audit chain go: the folder set, or one in the data folder."""
        return Path(self.checkpoint_dir) if self.checkpoint_dir else self.data_dir / "checkpoints"

    @property
    def mailbox_dir(self) -> Path:
        """Where the local development mailbox keeps what it received."""
        return self.data_dir / "mailbox"

    @property
    def blob_dir(self) -> Path:
        """Where evidence files are kept, named by their content."""
        return self.data_dir / "blobs"

    @property
    def log_dir(self) -> Path:
        """Where `svcqa up` keeps what its processes say."""
        return self.data_dir / "logs"

    @property
    def half_restored(self) -> Path:
        """The mark that stands while a backup is restored here: nothing else may run."""
        return self.data_dir / "restore.unfinished"

    @property
    def secret_wanted(self) -> Path:
        """The mark a restore leaves that found no secret: a new one would open nothing."""
        return self.data_dir / "secret.wanted"

    def environment(self) -> dict[str, str]:
        """Return the environment under which another process reads these same settings."""
        prefix = self.model_config["env_prefix"]
        return {f"{prefix}{name}".upper(): _written(value) for name, value in self}


def _written(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
