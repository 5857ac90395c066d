"""Evidence: told by its content, pictures without metadata, safe to hand out, nothing left of what went wrong."""

import io
import zipfile

import pytest
from PIL import Image

from svcqa.casework import evidence, forms
from svcqa.kernel.blobs import Blobs
from svcqa.kernel.errors import Forbidden, Invalid
from svcqa.kernel.settings import Settings
from svcqa.kernel.transaction import SYSTEM

GPS, MAKE = 0x8825, 0x010F


def picture(kind="JPEG"):
    image = Image.new("RGB", (40, 20), "red")
    exif = image.getexif()
    exif[MAKE] = "camera of the customer"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(GPS)[1] = "N"
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def office(*parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in parts:
            archive.writestr(part, "x")
    return out.getvalue()


WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x10\x00\x00\x00\x01\x00\x01\x00" + b"\x00" * 24
PDF = b"%PDF-1.7\n" + b"x" * 40
GOOD = {
    "录音.wav": WAV,
    "通知.pdf": PDF,
    "核实.docx": office("word/document.xml"),
    "台账.xlsx": office("xl/workbook.xml"),
    "说明.txt": "客户来电三次。".encode("gb18030"),
    "照片.jpg": picture(),
    "截图.png": picture("PNG"),
    "回拨.mp3": b"ID3\x03" + b"\x00" * 60,
}


def hand_in(desk, number, name, data, **more):
    form = {"kind": "document", "proves": "没有回拨", **more}
    return desk.post(f"/complaints/{number}/evidence", form, files={"file": (name, data)})


def files_of(place):
    return [path for path in place.blobs.folder.rglob("*") if path.is_file()]


def events(place):
    with place.reading(SYSTEM) as tx:
        found = tx.driver.execute("SELECT count(*) FROM audit_event WHERE action = 'complaint.evidence'")
        return found.fetchone()[0]


@pytest.mark.parametrize("name", GOOD)
def test_a_file_of_each_kind_is_kept_and_handed_out_for_saving_only(desk, cases, place, name):
    number, me = cases.registered(), desk("xuwenjing")
    assert hand_in(me, number, name, GOOD[name]).status_code == 303
    with place.reading(SYSTEM) as tx:
        [item] = evidence.of_case(tx, cases.read(number).id)
    assert item.name == name
    assert item.proves == "没有回拨"
    answer = me.get(f"/complaints/{number}/evidence/{item.id}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''%")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert events(place) == 1
    assert name in me.get(f"/complaints/{number}").text


def test_a_picture_loses_its_metadata_and_stands_upright(desk, cases, place):
    number = cases.registered()
    assert b"camera" in picture()
    hand_in(desk("xuwenjing"), number, "照片.jpg", picture())
    [path] = files_of(place)
    assert b"camera" not in path.read_bytes()
    with Image.open(path) as kept:
        assert not kept.getexif()
        assert kept.size == (20, 40)


@pytest.mark.parametrize(
    ("name", "data", "field", "sentence"),
    [
        ("", b"", "file", "是空文件"),
        ("空.pdf", b"", "file", "是空文件"),
        ("木马.exe", b"MZ", "file", "不是可以上传的文件类型"),
        ("页面.html", b"<script>", "file", "不是可以上传的文件类型"),
        ("矢量.svg", b"<svg/>", "file", "不是可以上传的文件类型"),
        ("假的.pdf", b"<html>", "file", "内容与扩展名不符"),
        ("假的.jpg", PDF, "file", "内容与扩展名不符"),
        ("破的.png", picture("PNG")[:60], "file", "内容与扩展名不符"),
        ("其实是图.jpg", picture("PNG"), "file", "内容与扩展名不符"),
        ("假的.docx", b"PK\x03\x04 broken", "file", "内容与扩展名不符"),
        ("表.docx", office("xl/workbook.xml"), "file", "内容与扩展名不符"),
        ("宏.docx", office("word/document.xml", "word/vbaProject.bin"), "file", "含有宏"),
        ("二进制.txt", b"\x00\x01\x02", "file", "内容与扩展名不符"),
        ("假的.wav", b"RIFF", "file", "内容与扩展名不符"),
    ],
)
def test_a_wrong_file_is_refused_with_its_reason_and_leaves_nothing(
    desk, cases, place, name, data, field, sentence
):
    number = cases.registered()
    answer = hand_in(desk("xuwenjing"), number, name, data)
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text
    assert sentence in answer.text
    assert "没有回拨" in answer.text
    assert files_of(place) == []
    assert events(place) == 0


def test_a_picture_that_would_burst_the_memory_is_too_large(desk, cases, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    answer = hand_in(desk("xuwenjing"), cases.registered(), "照片.jpg", picture())
    assert answer.status_code == 422
    assert "像素太多" in answer.text


def test_kind_and_purpose_are_checked(desk, cases):
    number, me = cases.registered(), desk("xuwenjing")
    assert "请选择证据的类型。" in hand_in(me, number, "通知.pdf", PDF, kind="magic").text
    assert "证明内容最多 200 个字" in hand_in(me, number, "通知.pdf", PDF, proves="长" * 201).text


def test_a_file_above_the_limit_is_refused(place, cases, cast):
    number = cases.registered()
    limit = Settings(_env_file=None).upload_megabytes * 1_000_000
    with pytest.raises(Invalid, match="超过 20 MB"), place.transaction(cast.actor("xuwenjing")) as tx:
        evidence.add(tx, number, name="a.pdf", data=PDF + b"x" * limit, kind="document")


def test_a_case_takes_twenty_files_and_none_after_it_was_closed(place, cases, cast):
    number = cases.registered(channel="daily_inspection")
    with place.transaction(cast.actor("xuwenjing")) as tx:
        for _ in range(evidence.MOST_FILES):
            evidence.add(tx, number, name="a.pdf", data=PDF, kind="document")
        with pytest.raises(Invalid, match="最多 20 份"):
            evidence.add(tx, number, name="a.pdf", data=PDF, kind="document")
    cases.go(number, "xuwenjing", forms.Withdraw(text="客户不再追究。"))
    with pytest.raises(Invalid, match="已办结"), place.transaction(cast.actor("xuwenjing")) as tx:
        evidence.add(tx, number, name="a.pdf", data=PDF, kind="document")
    assert len(files_of(place)) == 1  # the same bytes are stored once


def test_a_disk_that_is_full_leaves_neither_row_nor_file(place, cases, cast, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    number = cases.registered()
    monkeypatch.setattr(Blobs, "_settle", full)
    with pytest.raises(OSError, match="No space"), place.transaction(cast.actor("xuwenjing")) as tx:
        evidence.add(tx, number, name="a.pdf", data=PDF, kind="document")
    assert cases.read(number).evidence == 0
    assert files_of(place) == []
    assert events(place) == 0


def test_who_it_is_about_may_add_evidence_and_nobody_else_from_outside(place, cases, cast):
    number = cases.verified("wangjianguo")
    for name, allowed in (("wangjianguo", True), ("fengjianjun", True), ("dujuan", False), ("hejing", False)):
        with place.transaction(cast.actor(name, via="link")) as tx:
            if allowed:
                assert evidence.add(tx, number, name="a.pdf", data=PDF, kind="statement")
            else:
                with pytest.raises(Forbidden):
                    evidence.add(tx, number, name="a.pdf", data=PDF, kind="statement")


def test_a_file_is_handed_out_only_with_its_own_case_and_to_who_may_see_it(desk, cases, place, cast):
    number, other = cases.registered(unit="cd1"), cases.registered(unit="cd1")
    with place.transaction(cast.actor("xuwenjing")) as tx:
        key = evidence.add(tx, number, name="a.pdf", data=PDF, kind="document")
    assert desk("fengjianjun").get(f"/complaints/{number}/evidence/{key}").status_code == 200
    assert desk("panyonggang").get(f"/complaints/{number}/evidence/{key}").status_code == 404
    assert desk("wangjianguo").get(f"/complaints/{number}/evidence/{key}").status_code == 404
    assert desk("xuwenjing").get(f"/complaints/{other}/evidence/{key}").status_code == 404


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\a\\录音.txt", "录音.txt"),
        ("a\r\nX-Evil: 1.txt", "aX-Evil 1.txt"),
        ("\u202egnp.txt", "gnp.txt"),
        ("长" * 300 + ".txt", "长" * 117 + ".txt"),
    ],
)
def test_a_file_name_is_cleaned(place, cases, cast, name, kept):
    number = cases.registered()
    with place.transaction(cast.actor("xuwenjing")) as tx:
        evidence.add(tx, number, name=name, data="字".encode(), kind="document")
    with place.reading(SYSTEM) as tx:
        assert [item.name for item in evidence.of_case(tx, cases.read(number).id)] == [kept]
