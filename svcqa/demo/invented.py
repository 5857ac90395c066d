"""Facts made up for the demo, where no log has them: exams, outages, answers of customers, a month of calls.

Each is a CSV of its own for the ordinary importer, marked as an example by its mapping. The same each time.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

EXAM = ("编号", "工号", "考试", "日期", "得分", "满分")
OUTAGE = ("编号", "单位", "业务", "开始", "恢复")
ANSWER = ("编号", "工号", "满意度", "已解决", "意见", "时间")
CALL = (
    "编号",
    "工号",
    "渠道",
    "事项",
    "紧急",
    "受理",
    "响应",
    "办结",
    "重开",
    "达标",
    "满意度",
    "客户",
    "邮箱",
)

TITLES = ("业务知识月考", "服务规范抽考")
SERVICES = ("宽带接入", "语音专线", "营业受理系统")
TOPICS = ("资费咨询", "故障报修", "业务办理", "账单核对", "装机进度")
COMMENTS = ("", "", "", "很快就解决了", "态度很好", "等了太久", "没有回电", "解释得很清楚")
CUSTOMERS = ("赵女士", "钱先生", "孙女士", "李先生", "周女士", "吴先生", "郑女士", "王先生")
MARKS = (5, 5, 4, 4, 4, 3, 2, 1)


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def exams(staff: Sequence[str], month: date) -> bytes:
    """Return two exams of a month for everybody."""
    random = _of(month, "exams")
    ability = {number: random.gauss(82, 9) for number in staff}
    rows = [
        (f"{month:%Y%m}-{paper}-{number}", number, title, month + timedelta(days=8 + 10 * paper), points, 100)
        for paper, title in enumerate(TITLES)
        for number in staff
        for points in (min(100, max(35, round(random.gauss(ability[number], 4)))),)
    ]
    return _table(EXAM, rows)


def outages(units: Sequence[str], month: date) -> bytes:
    """Return three services that were down in a month, in some of the units."""
    random = _of(month, "outages")
    rows = []
    for number, service in enumerate(SERVICES):
        began = _at(month, 4 + 9 * number, random.randint(2, 20), random.randint(0, 59))
        ended = began + timedelta(minutes=random.randint(25, 190))
        rows.append((f"{month:%Y%m}-{number}", random.choice(units), service, began, ended))
    return _table(OUTAGE, rows)


def answers(staff: Sequence[str], month: date, *, count: int) -> bytes:
    """Return what customers answered about somebody in a month."""
    random = _of(month, "answers")
    leaning = {number: random.randint(0, 3) for number in staff}
    rows = []
    for number in range(count):
        about = random.choice(staff)
        mark = random.choice(MARKS[: len(MARKS) - leaning[about]])
        at = _at(month, random.randint(0, 27), random.randint(8, 20), random.randint(0, 59))
        rows.append(
            (
                f"{month:%Y%m}-{number:04d}",
                about,
                mark,
                "是" if mark > 2 else "否",
                random.choice(COMMENTS),
                at,
            )
        )
    return _table(ANSWER, rows)


def calls(
    staff: Sequence[str],
    month: date,
    *,
    each: int,
    paces: Mapping[str, float] | None = None,
    addressed: int = 0,
) -> bytes:
    """Return so many calls of a month for everybody, most in office hours; the larger a pace, the later solved.

    The customers of each one's first `addressed` calls can be written to, at a domain nobody has.
    """
    random = _of(month, "calls")
    known = paces or {number: random.uniform(0.5, 1.6) for number in staff}
    return _table(CALL, _calls(random, known, month, each, addressed))


def _calls(
    random: Random, paces: Mapping[str, float], month: date, each: int, addressed: int
) -> Iterator[Sequence[object]]:
    for number, pace in paces.items():
        for place in range(each):
            hour = random.choice((*range(8, 18), *range(8, 18), 19, 20, 22, 3))
            opened = _at(month, random.randint(0, 27), hour, random.randint(0, 59))
            answered = opened + timedelta(seconds=round(random.uniform(20, 5400) * pace))
            solved = answered + timedelta(seconds=round(random.expovariate(1 / 30_000) * pace) + 300)
            in_time = solved - opened < timedelta(hours=24)
            reopened = int(random.random() < 0.05 * pace)
            mark = random.choice(MARKS) if random.random() < 0.3 else ""
            yield (
                f"{month:%Y%m}-{number}-{place:03d}",
                *(number, "电话", random.choice(TOPICS), random.randint(1, 3)),
                *(opened, answered, solved, reopened, "是" if in_time else "否", mark),
                *(_customer(number, place) if place < addressed else ("", "")),
            )


def _customer(number: str, place: int) -> tuple[str, str]:
    return CUSTOMERS[(int(number) + place) % len(CUSTOMERS)], f"kehu-{number}-{place}@example.com"


def _of(month: date, what: str) -> Random:
    return Random(f"{month} {what}")  # noqa: S311 - the same each time, nothing depends on it


def _at(month: date, days: int, hour: int, minute: int) -> datetime:
    return datetime.combine(
        month + timedelta(days=days), time(hour, minute)
    )  # local wall time, as a file has it
