"""What an installation that people rely on must refuse beyond `soundness`. Pure: values in, findings out."""

from collections.abc import Iterator
from ipaddress import ip_address
from os.path import normpath
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from svcqa.commands.soundness import ANY, OTHERS, Finding, Rule, Seen

LEAST_SECRET, LEAST_DISTINCT, LEAST_TOKEN = 32, 10, 32
LONGEST_IDLE, LONGEST_SESSION, LARGEST_UPLOAD = 60, 24, 200
WIDEST_PROXIES = {4: 8, 6: 32}
DEVELOPMENT_MAILBOX = 8425
PLACEHOLDERS = ("example.com", "example.org", "example.net", ".example", ".invalid", ".test", ".localhost")
BY_BYTES = frozenset({"C", "POSIX"})
OLDEST_POSTGRES = 15
VERIFIED = frozenset({"require", "verify-ca", "verify-full"})


def development(seen: Seen) -> Iterator[Finding]:
    """Refuse the mode that allows what a real installation must refuse."""
    if seen.settings.development:
        yield Finding(
            "SVCQA_DEVELOPMENT", "SVCQA_DEVELOPMENT 开着，邮件可以不加密，本地邮箱人人可见，请改为 false。"
        )


def demo_data(seen: Seen) -> Iterator[Finding]:
    """Refuse the demo's data, whose accounts have a password that stands in the code."""
    if seen.demo_mark.exists:
        yield Finding(
            "SVCQA_DATA_DIR",
            "SVCQA_DATA_DIR 里是演示数据，账号的密码是公开的，请换一个目录并运行 svcqa init。",
        )


def moved_clock(seen: Seen) -> Iterator[Finding]:
    """Refuse the moved clock that `soundness` lets pass in development."""
    if seen.settings.development and seen.settings.clock.startswith("shifted:"):
        yield Finding("SVCQA_CLOCK", "SVCQA_CLOCK 移动了时钟，所有时间都不真实，请改为 system。")


def address(seen: Seen) -> Iterator[Finding]:
    """See that links lead to people's own address over HTTPS."""
    told = seen.settings.base_url
    parts = urlsplit(told)
    if parts.scheme != "https":
        yield Finding(
            "SVCQA_BASE_URL",
            f"SVCQA_BASE_URL 的 {told} 不是 https，会话和链接会被窃听，请在前面设 TLS 代理并改成 https 地址。",
        )
    if is_loopback(parts.hostname or ""):
        yield Finding(
            "SVCQA_BASE_URL",
            f"SVCQA_BASE_URL 的 {told} 只在本机有效，邮件里的链接打不开，请改成大家访问的地址。",
        )
    if is_placeholder(parts.hostname or ""):
        yield Finding("SVCQA_BASE_URL", f"SVCQA_BASE_URL 的 {told} 是示例地址，请改成大家访问的地址。")
    if parts.path not in ("", "/") or parts.query:
        yield Finding(
            "SVCQA_BASE_URL", f"SVCQA_BASE_URL 的 {told} 带有路径，系统必须独占一个主机名，请去掉路径。"
        )


def secret_strength(seen: Seen) -> Iterator[Finding]:
    """Refuse a secret that can be guessed: links and sealed columns are no safer."""
    weak = len(seen.secret) < LEAST_SECRET or len(set(seen.secret)) < LEAST_DISTINCT
    if seen.secret and weak:
        yield Finding(
            "SVCQA_SECRET_KEY",
            f"SVCQA_SECRET_KEY 太弱，要有 {LEAST_SECRET} 个以上且不重复的随机字符，请用 openssl rand -hex 32 另生成一个"
            "（已有数据时请先咨询，更换后旧链接和加密内容不能再读）。",
        )


def listening(seen: Seen) -> Iterator[Finding]:
    """Refuse to be reached without TLS."""
    host = seen.settings.web_host
    if not is_loopback(host) and not seen.settings.trusted_proxies:
        yield Finding(
            "SVCQA_WEB_HOST",
            f"SVCQA_WEB_HOST 的 {host} 让网络上的人不经 TLS 直接访问，请改为 127.0.0.1，或写明 SVCQA_TRUSTED_PROXIES。",
        )


def proxies(seen: Seen) -> Iterator[Finding]:
    """See that proxies are named, and only they: who is believed about an address can choose it."""
    if not seen.settings.trusted_proxies:
        yield Finding(
            "SVCQA_TRUSTED_PROXIES",
            "SVCQA_TRUSTED_PROXIES 是空的，所有访客共用代理的地址和尝试次数，请写上反向代理的地址。",
        )
    for network in seen.settings.proxies:
        if network.prefixlen < WIDEST_PROXIES[network.version]:
            yield Finding(
                "SVCQA_TRUSTED_PROXIES",
                f"SVCQA_TRUSTED_PROXIES 的 {network} 太宽，任何人都能冒充别的地址，请只写反向代理的地址。",
            )


def relay(seen: Seen) -> Iterator[Finding]:
    """Refuse mail in clear, and mail to the development mailbox."""
    told = seen.settings
    if told.smtp_security == "none":
        yield Finding(
            "SVCQA_SMTP_SECURITY", "SVCQA_SMTP_SECURITY 是 none，邮件会明文传送，请改为 starttls 或 tls。"
        )
    if is_loopback(told.smtp_host) and told.smtp_port == DEVELOPMENT_MAILBOX:
        yield Finding(
            "SVCQA_SMTP_HOST",
            "SVCQA_SMTP_HOST 指着本地的开发邮箱，邮件不会送到任何人，请改成单位的邮件服务器。",
        )
    if told.smtp_username and not told.smtp_password.get_secret_value():
        yield Finding(
            "SVCQA_SMTP_PASSWORD",
            "SVCQA_SMTP_USERNAME 有账号而 SVCQA_SMTP_PASSWORD 是空的，登录会失败，请填上密码。",
        )


def sender(seen: Seen) -> Iterator[Finding]:
    """See that answers and bounces have somewhere to go."""
    told = seen.settings.mail_from
    domain = told.rpartition("@")[2]
    if "@" not in told or is_placeholder(domain):
        yield Finding("SVCQA_MAIL_FROM", f"SVCQA_MAIL_FROM 的 {told} 不是可用的发件地址，请改成部门的邮箱。")


def sessions(seen: Seen) -> Iterator[Finding]:
    """See that a screen that was left closes by itself."""
    told = seen.settings
    if not 0 < told.session_idle_minutes <= LONGEST_IDLE:
        yield Finding(
            "SVCQA_SESSION_IDLE_MINUTES",
            f"SVCQA_SESSION_IDLE_MINUTES 是 {told.session_idle_minutes}，请设在 1 到 {LONGEST_IDLE} 分钟之间。",
        )
    if not 0 < told.session_hours <= LONGEST_SESSION:
        yield Finding(
            "SVCQA_SESSION_HOURS",
            f"SVCQA_SESSION_HOURS 是 {told.session_hours}，请设在 1 到 {LONGEST_SESSION} 小时之间。",
        )


def uploads(seen: Seen) -> Iterator[Finding]:
    """Bound what is held in memory while an upload is looked at."""
    size = seen.settings.upload_megabytes
    if not 0 < size <= LARGEST_UPLOAD:
        yield Finding(
            "SVCQA_UPLOAD_MEGABYTES", f"SVCQA_UPLOAD_MEGABYTES 是 {size}，请设在 1 到 {LARGEST_UPLOAD} 之间。"
        )


def metrics_token(seen: Seen) -> Iterator[Finding]:
    """Refuse a token that can be guessed by who reaches the page."""
    token = seen.settings.metrics_token.get_secret_value()
    if token and len(token) < LEAST_TOKEN:
        yield Finding(
            "SVCQA_METRICS_TOKEN",
            f"SVCQA_METRICS_TOKEN 短于 {LEAST_TOKEN} 个字符，可以被猜中，请用 openssl rand -hex 32 另生成一个。",
        )


def checkpoints(seen: Seen) -> Iterator[Finding]:
    """Refuse to keep what vouches for the database beside the database."""
    told = seen.settings
    folder, data = (Path(normpath(one.absolute())) for one in (told.checkpoint_folder, told.data_dir))
    if folder.is_relative_to(data):
        yield Finding(
            "SVCQA_CHECKPOINT_DIR",
            "SVCQA_CHECKPOINT_DIR 在数据目录里面，改库的人也能改检查点，请设到另一块盘或只能追加的目录。",
        )


def permissions(seen: Seen) -> Iterator[Finding]:
    """See that no other account of this machine reads what lies here."""
    for setting, entry in (
        ("SVCQA_DATA_DIR", seen.folder),
        ("SVCQA_DATABASE_URL", seen.database_file),
        (".env", seen.env_file),
    ):
        shielded = entry is seen.database_file and seen.folder.exists and not seen.folder.open_to(OTHERS)
        if entry.open_to(OTHERS) and not shielded:
            yield Finding(
                setting, f"{setting} 的 {entry.path} 本机的其他账号也能读，请运行 chmod o-rwx {entry.path}。"
            )


def account(seen: Seen) -> Iterator[Finding]:
    """Refuse to run as root: a mistake would be one of the whole machine."""
    if seen.is_root:
        yield Finding("运行账号", "运行账号是 root，出错时会危及整台机器，请为它建一个普通账号。")


def prefect(seen: Seen) -> Iterator[Finding]:
    """See that only this machine reaches Prefect, which knows no rights per user, or who has its password."""
    url = seen.settings.prefect_url
    for setting, told in (("SVCQA_PREFECT_URL", url), ("PREFECT_API_URL", seen.prefect_api)):
        parts = urlsplit(told)
        if not told or is_loopback(parts.hostname or ""):
            continue
        if not seen.prefect_auth:
            yield Finding(
                setting,
                f"{setting} 的 {told} 不限于本机而没有密码，任何人都能启动流程，请设 PREFECT_SERVER_API_AUTH_STRING 和 PREFECT_API_AUTH_STRING。",
            )
        elif parts.scheme != "https":
            yield Finding(setting, f"{setting} 的 {told} 不是 https，Prefect 的密码会被窃听，请改用 https。")


def postgres(seen: Seen) -> Iterator[Finding]:
    """See that PostgreSQL keeps what it acknowledged, and that nobody listens on the way there."""
    found = seen.database
    if found.dialect == "sqlite" or found.fault:
        return
    if found.version and found.version[0] < OLDEST_POSTGRES:
        yield Finding(
            "SVCQA_DATABASE_URL",
            f"SVCQA_DATABASE_URL 的 PostgreSQL {found.version[0]} 太旧，请升级到 {OLDEST_POSTGRES} 以上。",
        )
    for name in sorted(name for name, value in found.durable.items() if value == "off"):
        yield Finding(
            "SVCQA_DATABASE_URL",
            f"SVCQA_DATABASE_URL 的 PostgreSQL 把 {name} 设成 off，断电会丢失已确认的办理，请改为 on。",
        )
    if found.collation.partition(".")[0] not in BY_BYTES:
        yield Finding(
            "SVCQA_DATABASE_URL",
            f"SVCQA_DATABASE_URL 的数据库按 {found.collation} 排序，与 SQLite 不同，系统库升级还可能损坏索引，"
            "请用 LC_COLLATE 'C' 新建数据库。",
        )
    if found.may_rewrite:
        tables = "、".join(found.may_rewrite)
        yield Finding(
            "SVCQA_DATABASE_URL",
            f"SVCQA_DATABASE_URL 的账号可以改写历史表 {tables}，请另建一个角色，运行 svcqa grant 后用它连接。",
        )
    parts = urlsplit(seen.settings.database_url)
    mode = parse_qs(parts.query).get("sslmode", [""])[0]
    if parts.hostname and not is_loopback(parts.hostname) and mode not in VERIFIED:
        yield Finding(
            "SVCQA_DATABASE_URL",
            "SVCQA_DATABASE_URL 经网络而没有要求加密，请在地址后加 sslmode=verify-full。",
        )


def example_sums(seen: Seen) -> Iterator[Finding]:
    """Refuse sums, weights and terms that were only ever meant to show how they are written."""
    if seen.database.examples:
        names = "、".join(seen.database.examples)
        yield Finding(
            "制度",
            f"生效的制度 {names} 还有标为示例的金额、权重或期限，请换成本单位的规定，去掉 example，用 svcqa rulebook publish 发布。",
        )


DEPLOYED: tuple[Rule, ...] = (
    *ANY, development, demo_data, moved_clock, address, secret_strength, listening, proxies, relay, sender, sessions,
    uploads, metrics_token, checkpoints, permissions, account, prefect, postgres,
    example_sums,
)  # fmt: skip


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_placeholder(host: str) -> bool:
    """Tell whether a name is reserved for examples (RFC 2606, RFC 6761)."""
    return any(host == name.lstrip(".") or host.endswith(f".{name.lstrip('.')}") for name in PLACEHOLDERS)
