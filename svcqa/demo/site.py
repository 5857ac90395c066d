"""The demo's own installation: where it lies, what is set there, which time it is. Starts no process."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from svcqa import migrating
from svcqa.bootstrap import build
from svcqa.demo import incidents, seeding, story
from svcqa.demo.seeding import Progress
from svcqa.kernel.clock import FrozenClock, SystemClock
from svcqa.kernel.errors import Invalid
from svcqa.kernel.settings import Settings

MARK = "demo.json"


def settings_of(settings: Settings) -> Settings:
    """Return the settings of the demo: a folder of its own, this machine only, no real relay."""
    told = {
        "data_dir": settings.data_dir / "demo",
        "database_url": "",
        "checkpoint_dir": "",
        "secret_key": SecretStr(""),
        "development": True,
        "web_host": "127.0.0.1",
        "base_url": f"http://127.0.0.1:{settings.web_port}",
        "smtp_host": "127.0.0.1",
        "smtp_security": "none",
        "smtp_username": "",
        "smtp_password": SecretStr(""),
        "assessed_units": f"{incidents.DESK},{incidents.HOTLINE}",
        "prefect_url": "",
        "regulation": Settings.model_fields["regulation"].default,
        "working_hours": Settings.model_fields["working_hours"].default,
    }
    return settings.model_copy(update=told)


def is_told(settings: Settings) -> bool:
    """Tell whether the demo was filled before."""
    return (settings.data_dir / MARK).is_file()


def tell(settings: Settings, *, progress: Progress) -> int:
    """Fill the demo's folder, whole or not at all, and return the number of complaints."""
    folder = settings.data_dir
    if folder.is_dir() and any(folder.iterdir()):
        raise Invalid(
            "data_dir", f"{folder} 里已有内容，但不是演示数据。请移走它，或用 SVCQA_DATA_DIR 另选一个目录。"
        )
    half = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(half, ignore_errors=True)
    clock = FrozenClock(seeding.BEGINS_AT)
    place = build(settings.model_copy(update={"data_dir": half}), clock=clock).place
    migrating.migrate(place.engine)
    number = story.tell(place, clock, progress=progress)
    place.engine.dispose()
    _remember_shift(half, seeding.ENDS_AT - SystemClock().now())
    half.rename(folder)
    return number


def at_its_time(settings: Settings) -> Settings:
    """Return the settings with the demo's clock, which began on its first morning and runs since."""
    seconds = json.loads((settings.data_dir / MARK).read_text("utf-8"))["shift_seconds"]
    return settings.model_copy(update={"clock": f"shifted:{seconds}"})


def _remember_shift(folder: Path, shift: timedelta) -> None:
    text = json.dumps({"shift_seconds": round(shift.total_seconds())})
    (folder / MARK).write_text(text, "utf-8")
