"""`svcqa mailbox`: the local SMTP server of development. Forwards nothing."""

import typer

from notifications import sink
from svcqa.commands.stopping import run_until_told
from svcqa.kernel.clock import clock_from
from svcqa.kernel.errors import Invalid
from svcqa.kernel.settings import Settings

app = typer.Typer(add_completion=False)


@app.command()
def mailbox() -> None:
    """Receive mail on 127.0.0.1 and SVCQA_SMTP_PORT into the mailbox page; in development only. Forwards nothing."""
    settings = Settings()
    if not settings.development:
        raise Invalid(
            "development",
            "本地邮箱只用于开发和演示。请设置 SVCQA_DEVELOPMENT=true，或把邮件交给真正的邮件服务器。",
        )
    clock = clock_from(settings.clock)
    run_until_told(lambda stop: sink.serve(settings.mailbox_dir, settings.smtp_port, stop, clock=clock.now))
