"""The page that PF-3 is measured against: the same rows, the same SQL, as much markup, and nothing around it.

No session, no rights, no counts, no deadlines worked out; the driver's connection and a Jinja template.
"""

import threading
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from benchmarks import databases, world
from svcqa.casework import cuts
from svcqa.kernel.database import Reading

SHELL = "shell.html"
PAGE = cuts._page(cuts.OPEN.text, "dated")  # noqa: SLF001 - the very statement of the list
ROWS = """{% for r in rows %}
<tr class="row" tabindex="-1" data-href="/complaints/{{ r[1] }}"><td class="number">{{ r[1] }}</td>
<td class="subject"><a href="/complaints/{{ r[1] }}">{{ r[2] }}</a>
<span class="beside">{{ r[4] }}　{{ r[8] }}</span></td>
<td class="minor">{% if r[6] %}{{ r[6] }}{% else %}<span class="quiet">未定</span>{% endif %}</td>
<td class="standing"><span class="state state-{{ r[3] }}"><i></i>{{ r[3] }}</span></td>
<td class="deadline"><span class="due-step">{{ r[9] }}</span>
<span class="due due-normal" title="截止 {{ r[10] }}" data-due="{{ r[10] }}"><span>{{ r[10] }}</span></span></td>
<td class="person">{% for name, unit in people.get(r[0], ()) %}{{ name }}
<span class="beside">{{ unit }}</span>{% endfor %}</td>
<td class="minor">{{ r[17] or '未指派' }}</td>
<td class="figure quiet minor">{{ r[13] }}</td></tr>
{% endfor %}"""


def create(folder: Path) -> FastAPI:
    """Make the bare application over the database of an installation; `shell.html` there goes around the rows."""
    before, after = (folder / SHELL).read_text("utf-8").split("<!--rows-->")
    literal = "{{% raw %}}{}{{% endraw %}}".format
    template = Environment(autoescape=True).from_string(literal(before) + ROWS + literal(after))
    dialect = "sqlite" if world.settings(folder).database.startswith("sqlite") else "postgresql"
    app, mine = FastAPI(), threading.local()

    @app.get("/")
    def page(at: str, id: str) -> HTMLResponse:
        if not hasattr(mine, "reading"):
            mine.reading = Reading(databases.driver(folder), dialect)
        rows = PAGE.run(mine.reading, after_at=at, after_id=id, most=50).fetchall()
        people = _people(mine.reading, [row[0] for row in rows])
        mine.reading.driver.rollback()
        return HTMLResponse(template.render(rows=rows, people=people))

    return app


def _people(reading: Reading, ids: list[str]) -> dict[str, list[tuple[str, str]]]:
    some = cuts.one_of("r.complaint_id", "id", ids)
    found = cuts._respondents(some.text).run(reading, **some.values)  # noqa: SLF001 - as above
    return {row[0]: [(row[1], row[2])] for row in found.fetchall()}
