"""What may come in as evidence, told by its content: images are written anew without metadata. Stores nothing."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype
from PIL import Image, ImageOps, UnidentifiedImageError

from svcqa.kernel.errors import Invalid

MOST_PIXELS = 50_000_000
ALLOWED = "图片（jpg、png、webp）、pdf、docx、xlsx、录音（wav、mp3、m4a）、txt"
UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
LONGEST_NAME = 120


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: its clean name, its type by content, and the bytes to keep."""

    name: str
    media_type: str
    data: bytes


def checked(name: str, data: bytes) -> Checked:
    """Return what may be kept of an uploaded file; raises Invalid on `file` with the remedy."""
    clean = clean_name(name)
    suffix = PurePosixPath(clean).suffix.lower().removeprefix(".")
    if not data:
        raise _refused(f"“{clean}”是空文件，没有保存。请重新选择。")
    if suffix not in KINDS:
        raise _refused(f"“{clean}”不是可以上传的文件类型。可以上传：{ALLOWED}。")
    media_type, kept = KINDS[suffix](clean, data)
    return Checked(clean, media_type, kept)


def clean_name(name: str) -> str:
    """Return the last part of a file name without what could mislead or break a header."""
    last = UNSAFE.sub("", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    stem, dot, suffix = last.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(suffix)]}{dot}{suffix}" if last else "未命名"


def _refused(sentence: str) -> Invalid:
    return Invalid("file", sentence)


def _mismatch(name: str) -> Invalid:
    return _refused(f"“{name}”的内容与扩展名不符，没有保存。请用原来的程序打开后另存，再上传。")


def _too_large(name: str) -> Invalid:
    return _refused(f"“{name}”的像素太多，不能上传。请缩小到 5000 万像素以内。")


def _guessed(*suffixes: str, media_type: str) -> Callable[[str, bytes], tuple[str, bytes]]:
    def check(name: str, data: bytes) -> tuple[str, bytes]:
        kind = filetype.guess(data)
        if kind is None or kind.extension not in suffixes:
            raise _mismatch(name)
        return media_type, data

    return check


def _office(part: str, media_type: str) -> Callable[[str, bytes], tuple[str, bytes]]:
    """Return the check of an office document: a ZIP with its main part, and without macros."""

    def check(name: str, data: bytes) -> tuple[str, bytes]:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                parts = set(archive.namelist())
        except zipfile.BadZipFile as error:
            raise _mismatch(name) from error
        if part not in parts:
            raise _mismatch(name)
        if any(each.endswith("vbaProject.bin") for each in parts):
            raise _refused(f"“{name}”含有宏，不能上传。请另存为不带宏的文档或 pdf 后再上传。")
        return media_type, data

    return check


def _image(kind: str, media_type: str) -> Callable[[str, bytes], tuple[str, bytes]]:
    """Return the check of a picture; it is written anew, upright: place, device and the rest are gone."""

    def check(name: str, data: bytes) -> tuple[str, bytes]:
        try:
            with Image.open(io.BytesIO(data), formats=[kind]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise _too_large(name)
                upright = ImageOps.exif_transpose(picture)
                upright.info = {}
                written = io.BytesIO()
                upright.save(written, format=kind, quality=90)
        except Image.DecompressionBombError as error:
            raise _too_large(name) from error
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            raise _mismatch(name) from error
        return media_type, written.getvalue()

    return check


def _text(name: str, data: bytes) -> tuple[str, bytes]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            words = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", words):
            return "text/plain; charset=utf-8", words.encode()
    raise _mismatch(name)


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

KINDS: dict[str, Callable[[str, bytes], tuple[str, bytes]]] = {
    "jpg": _image("JPEG", "image/jpeg"),
    "jpeg": _image("JPEG", "image/jpeg"),
    "png": _image("PNG", "image/png"),
    "webp": _image("WEBP", "image/webp"),
    "pdf": _guessed("pdf", media_type="application/pdf"),
    "docx": _office("word/document.xml", _WORD),
    "xlsx": _office("xl/workbook.xml", _SHEET),
    "wav": _guessed("wav", media_type="audio/x-wav"),
    "mp3": _guessed("mp3", media_type="audio/mpeg"),
    "m4a": _guessed("m4a", "mp4", media_type="audio/mp4"),
    "txt": _text,
}
