"""The sign-ins that a demo offers on its first page. None outside development, none where no demo was filled."""

from svcqa.demo import people
from svcqa.kernel.settings import Settings
from svcqa.web.views import DemoSignIn

MARK = "demo.json"


def demo_sign_ins(settings: Settings) -> tuple[DemoSignIn, ...]:
    """Return one sign-in per role of the demo."""
    if not settings.development or not (settings.data_dir / MARK).is_file():
        return ()
    return tuple(
        DemoSignIn(f"{one.role} {one.person}", one.staff_number, people.PASSWORD) for one in people.sign_ins()
    )
