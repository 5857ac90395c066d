"""The terminal's door: the list of commands. Each command's module is imported when it is asked for."""

import sys
from functools import cached_property
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from svcqa.commands.collecting import collect_rarely

COMMANDS = {
    "init": (
        "first_run:init_app",
        "Set up an installation: database, roster, rulebook, first administrator.",
    ),
    "migrate": ("first_run:migrate_app", "Bring the database up to this version."),
    "relocate": ("relocate:app", "Move everything from SQLite into an empty PostgreSQL database."),
    "grant": (
        "first_run:grant_app",
        "Let a PostgreSQL role run the house without a right to change history.",
    ),
    "check": ("check:app", "Check an installation; with --deploy refuse what is unsafe (上线检查)."),
    "up": (
        "up:app",
        "Run everything on this machine: web, courier, sweep, Prefect; in development the mailbox.",
    ),
    "web": ("web:app", "Run the web app."),
    "courier": ("courier:app", "Deliver the mails of the outbox until stopped."),
    "mailbox": ("mailbox:app", "Run the local mailbox, an SMTP server for development."),
    "sweep": ("sweeping:app", "Do what has come due by itself: reminders, lapsed windows, cycles to go on."),
    "complaint": ("complaint:app", "Show, list and import complaints (投诉)."),
    "import": (
        "fact_import:app",
        "Take over facts (数据) from a table: interactions, exams, outages, surveys.",
    ),
    "cycle": ("cycle:app", "Run assessment cycles (考核周期): open, list, show, advance, confirm."),
    "measure": ("measure:app", "List improvement measures (改进措施)."),
    "deadline": ("deadline:app", "Explain deadlines (时限)."),
    "rulebook": ("rulebook:app", "List, check, compare and publish regulations (制度)."),
    "calendar": ("calendar:app", "Load the working days of a year (工作日历)."),
    "audit": ("audit:audit_app", "Verify the audit chain (审计链) and sign checkpoints."),
    "backup": ("safekeeping:backup_app", "Write one archive of everything, while it works."),
    "restore": ("safekeeping:restore_app", "Make an installation from an archive, and prove it."),
    "mail": ("mail:app", "List mails, decide about held ones, pause and resume the queue."),
    "token": ("token:app", "Issue keys for programs (接口密钥)."),
    "password": ("password:app", "Set a person's password (密码)."),
}


class Later(TyperCommand):
    """A command that is only its name and its line of help until it is asked for."""

    def __init__(self, name: str, source: str, line: str) -> None:
        super().__init__(name, help=line)
        self._source = source

    @cached_property
    def whole(self) -> Any:
        """The command or group itself, imported."""
        module, _, app = self._source.partition(":")
        return typer.main.get_command(getattr(import_module(f"svcqa.commands.{module}"), app))

    @property
    def commands(self) -> dict[str, Any]:
        """What stands below, as a group has it."""
        return getattr(self.whole, "commands", {})

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Let the whole command read its arguments."""
        return self.whole.make_context(info_name, args, parent=parent, **extra)


class Door(TyperGroup):
    """The group of all commands; a refusal ends here, as its sentence and exit code 2."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, (source, line) in COMMANDS.items():
            self.add_command(Later(name, source, line))

    def invoke(self, ctx: Any) -> Any:
        """Run a command and turn what it refuses into one sentence."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, BrokenPipeError):
            raise
        except typer.Abort:
            raise typer.Exit(130) from None
        except _refusals().SHOWN as error:
            typer.echo(_refusals().sentence(error), err=True)
            raise typer.Exit(2) from error


def _refusals() -> Any:
    return import_module("svcqa.commands.refusals")


app = typer.Typer(cls=Door, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback(help="Service-quality assessment of a customer service department (客户服务质量考核).")
def door() -> None:
    """Stand before all commands."""


def _is_text(word: str) -> bool:
    """Tell whether an argument came in UTF-8: what did not is kept in half characters."""
    return not any("\ud800" <= one <= "\udfff" for one in word)


def main() -> None:
    """Run the command that the arguments name."""
    collect_rarely()
    if garbled := [word for word in sys.argv if not _is_text(word)]:
        sys.stderr.write(f"参数 {garbled[0]!a} 不是 UTF-8 编码。请检查终端的编码后再输入。\n")
        sys.exit(2)
    try:
        app()
    except Exception as error:  # noqa: BLE001 - the outermost place: nobody is to read a traceback
        sys.exit(_refusals().unforeseen(error))


if __name__ == "__main__":
    main()
