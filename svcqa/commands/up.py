"""`svcqa up`: everything on one machine, watched until Ctrl-C; with `--demo` on the demo's own data."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from svcqa import migrating
from svcqa.commands import opening, scheduler
from svcqa.commands.children import Child, Service, accepts, answers, is_free, turn_logs
from svcqa.commands.supervising import GaveUp, Supervisor
from svcqa.demo import people, site
from svcqa.kernel.errors import Invalid
from svcqa.kernel.settings import Settings

app = typer.Typer(add_completion=False)

SWEEP_EVERY = 60


class Diary:
    """What is said while things come up, each line with the seconds since the start."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.console = Console()

    def say(self, who: str, what: str) -> None:
        """Say one line."""
        seconds = time.monotonic() - self.started
        self.console.print(
            f"{seconds:6.1f} s  {who:<9} {what}", markup=False, highlight=False, soft_wrap=True
        )


@app.command(epilog="Example: svcqa up --demo")
def up(
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of the web app (SVCQA_WEB_PORT).")
    ] = None,
    smtp_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of the local mailbox (SVCQA_SMTP_PORT).")
    ] = None,
    prefect_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of Prefect's pages (SVCQA_PREFECT_PORT).")
    ] = None,
    *,
    demo: Annotated[
        bool,
        typer.Option("--demo", help="Run on invented people and complaints, kept in a folder of their own."),
    ] = False,
    no_sink: Annotated[bool, typer.Option("--no-sink", help="Do not run the local mailbox.")] = False,
    no_flows: Annotated[
        bool, typer.Option("--no-flows", help="Do not run Prefect; cycles go on by `svcqa cycle advance`.")
    ] = False,
) -> None:
    """Run web app, courier, sweep, Prefect and, in development, the local mailbox. Ctrl-C stops all of it."""
    diary = Diary()
    settings = _settings(port, smtp_port, prefect_port, demo=demo)
    sink = settings.development and not no_sink
    _demand_ports(settings, demo=demo, sink=sink, flows=not no_flows)
    settings = _filled(settings, diary) if demo else settings
    opening.runtime(settings).place.engine.dispose()
    children = [
        Child(one, turn_logs(settings.log_dir, one.name), settings.environment())
        for one in _services(settings, sink=sink, flows=not no_flows)
    ]
    try:
        Supervisor(children, diary.say).run(
            when_up=lambda: _welcome(settings, diary, demo=demo, flows=not no_flows)
        )
    except GaveUp as reason:
        diary.say("up", f"stopped, because {reason}")
        raise typer.Exit(1) from reason
    diary.say("up", "stopped, nothing is left running")


def _settings(port: int | None, smtp_port: int | None, prefect_port: int | None, *, demo: bool) -> Settings:
    settings = opening.read_settings()
    told: dict[str, object] = {
        "web_port": port or settings.web_port,
        "smtp_port": smtp_port or settings.smtp_port,
        "prefect_port": prefect_port or settings.prefect_port,
        "data_dir": settings.data_dir.absolute(),  # a run of a flow has a working folder of its own
    }
    if settings.checkpoint_dir:
        told["checkpoint_dir"] = str(Path(settings.checkpoint_dir).absolute())
    if port and "base_url" not in settings.model_fields_set:
        told["base_url"] = f"http://127.0.0.1:{port}"
    settings = settings.model_copy(update=told)
    return site.settings_of(settings) if demo else settings


def _demand_ports(settings: Settings, *, demo: bool, sink: bool, flows: bool) -> None:
    """Refuse a port that is taken or asked for twice, before anything is started; raises Invalid."""
    wanted = [("网页", settings.web_host, settings.web_port, "--port", "SVCQA_WEB_PORT")]
    if sink:
        wanted.append(("本地邮箱", "127.0.0.1", settings.smtp_port, "--smtp-port", "SVCQA_SMTP_PORT"))
    if flows:
        wanted.append(("Prefect", "127.0.0.1", settings.prefect_port, "--prefect-port", "SVCQA_PREFECT_PORT"))
    asked: dict[int, str] = {}
    for what, host, number, option, setting in wanted:
        if number in asked:
            raise Invalid("port", f"{asked[number]}和{what}不能都用端口 {number}。请用 {option} 改掉一个。")
        asked[number] = what
        under_make = f'，例如 make demo ARGS="{option} {number + 100}"' if demo else ""
        if not is_free(host, number):
            raise Invalid(
                "port",
                f"{what}的端口 {number} 已被别的程序占用。请停止那个程序，或用 {option}（设置 {setting}）换一个端口{under_make}。",
            )


def _filled(settings: Settings, diary: Diary) -> Settings:
    """Fill the demo at its first start, bring its database up to date at later ones, and set its clock."""
    if not site.is_told(settings):
        diary.say("demo", f"first start: complaints and cycles are told into {settings.data_dir}")
        with Progress(console=diary.console, transient=True, disable=not diary.console.is_terminal) as bar:
            task = bar.add_task("demo", total=None)
            number = site.tell(settings, progress=lambda done, of: bar.update(task, completed=done, total=of))
        diary.say("demo", f"{number} complaints with their history")
    settings = site.at_its_time(settings)
    place = opening.new_runtime(settings).place
    migrating.migrate(place.engine)
    place.engine.dispose()
    return settings


def _services(settings: Settings, *, sink: bool, flows: bool) -> Iterator[Service]:
    if sink:
        where = f"receives on 127.0.0.1:{settings.smtp_port}, delivers to nobody"
        yield Service("mailbox", ("mailbox",), where, accepts(settings.smtp_port))
    address = f"http://{settings.web_host}:{settings.web_port}"
    yield Service("web", ("web",), f"answers at {settings.base_url}", answers(f"{address}/readyz"))
    yield Service("courier", ("courier",), "delivers mail")
    yield Service(
        "sweep", ("sweep", "--every", str(SWEEP_EVERY)), f"looks for what has come due every {SWEEP_EVERY} s"
    )
    if flows:
        yield from scheduler.services(settings)


def _welcome(settings: Settings, diary: Diary, *, demo: bool, flows: bool) -> None:
    if demo:
        table = Table("角色", "姓名", "工号")
        for one in people.sign_ins():
            table.add_row(one.role, one.person, one.staff_number)
        diary.console.print(table)
        diary.say("up", f"sign in at {settings.base_url} with one of these numbers and {people.PASSWORD}")
        diary.say("up", f"mails are read at {settings.base_url}/mailbox")
        told = f"SVCQA_DATA_DIR={settings.data_dir} SVCQA_CLOCK={settings.clock} {_our_name()}"
        diary.say("up", f"commands see the same data and time: {told} cycle list")
    if flows:
        diary.say("up", f"cycles are watched at {settings.prefect_address}/v2/")
    diary.say("up", f"everything runs, logs are in {settings.log_dir}; Ctrl-C or kill {os.getpid()} stops it")


def _our_name() -> str:
    """Return the command as a shell finds it: by name, or by path where its folder is not on the PATH."""
    beside = Path(sys.executable).with_name("svcqa")
    return "svcqa" if shutil.which("svcqa") or not beside.is_file() else str(beside)
