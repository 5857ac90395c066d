"""What ends a command with a sentence instead of a traceback, and that sentence."""

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from states import Refused
from svcqa.kernel.errors import HouseError
from svcqa.kernel.workdays import YearMissing

SHOWN = (HouseError, Refused, YearMissing, ValidationError, OperationalError, OSError)


def sentence(error: BaseException) -> str:
    """Say in one line what is wrong and what to do."""
    match error:
        case HouseError() | Refused() | YearMissing():
            return error.sentence
        case ValidationError():
            first = error.errors()[0]
            name = f"SVCQA_{'_'.join(map(str, first['loc']))}".upper()
            return f"设置 {name} 有误：{first['msg']}。请对照 docs/settings.md 更正后再试。"
        case OperationalError():
            return f"数据库不能使用：{error.orig}。请检查 SVCQA_DATA_DIR 或 SVCQA_DATABASE_URL，以及文件的读写权限。"
        case OSError():
            where = error.filename or "文件或网络"
            return f"{where} 不能使用：{error.strerror or error}。请检查路径、权限和端口。"
        case _:
            return str(error)
