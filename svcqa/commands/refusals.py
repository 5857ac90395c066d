"""What ends a command with a sentence instead of a traceback, and that sentence."""

import os
import tempfile
import traceback

import psycopg
from pydantic import ValidationError
from sqlalchemy.exc import DatabaseError

from states import Refused
from svcqa.kernel.database import is_gone, is_lock, sqlite_module
from svcqa.kernel.errors import HouseError
from svcqa.kernel.logbook import words_of
from svcqa.kernel.workdays import YearMissing

OF_THE_DATABASE = (DatabaseError, psycopg.DatabaseError, sqlite_module().DatabaseError)
"""SQLAlchemy's, and those of the drivers themselves, which prepared statements raise."""
SHOWN = (HouseError, Refused, YearMissing, ValidationError, *OF_THE_DATABASE, OSError)


def sentence(error: BaseException) -> str:
    """Say in one line what is wrong and what to do."""
    match error:
        case HouseError() | Refused() | YearMissing():
            return error.sentence
        case ValidationError():
            first = error.errors()[0]
            name = f"SVCQA_{'_'.join(map(str, first['loc']))}".upper()
            return f"设置 {name} 有误：{first['msg']}。请对照 docs/settings.md 更正后再试。"
        case Exception() if isinstance(error, OF_THE_DATABASE):
            return _of_the_database(error)
        case OSError():
            where = error.filename or "文件或网络"
            return f"{where} 不能使用：{error.strerror or error}。请检查路径、权限和端口。"
        case _:
            return str(error)


def _of_the_database(error: Exception) -> str:
    """Say whether the database is taken, gone or unfit, in its own words where they name the cause."""
    if is_lock(error):
        return "数据库正被别的程序占用，没有提交的没有保存。请稍候再运行一次。"
    told = f"（{words}）" if (words := words_of(error)) else ""
    if is_gone(error):
        return (
            f"数据库连不上，或连接断了{told}。已提交的都在，其余没有保存，正在提交的一步请先核对。"
            "请检查数据库服务器和 SVCQA_DATABASE_URL，然后再运行一次。"
        )
    return (
        f"数据库不能使用{told}。请检查 SVCQA_DATA_DIR 或 SVCQA_DATABASE_URL，以及文件的读写权限；"
        "文件损坏了就用 svcqa restore 从备份恢复。"
    )


def unforeseen(error: Exception) -> str:
    """Keep what nobody foresaw in a file for those who maintain the house, and say where it lies."""
    descriptor, path = tempfile.mkstemp(prefix="svcqa-error-", suffix=".txt", text=True)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.writelines(traceback.format_exception(error))
    return (
        f"出了没有预料到的错（{type(error).__name__}），没有提交的没有保存。详情在 {path}，请交给维护人员。"
    )
