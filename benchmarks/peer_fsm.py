"""Peer of PF-1, run by `peers.seconds`: django-fsm-2 leads a case one step on and writes as many rows as we do.

On an empty database with the same settings as ours. Nothing is rendered, nobody is looked up, no chain is hashed:
the mail's bytes are given.
"""

import json
import sys
import time

import django
from django.conf import settings

asked = json.load(sys.stdin)
settings.configure(DATABASES={"default": asked["database"]}, USE_TZ=True)
django.setup()

from django.db import connection, models, transaction  # noqa: E402 - needs the settings
from django.utils import timezone  # noqa: E402 - as above
from django_fsm import FSMField, transition  # noqa: E402 - as above


class Row(models.Model):
    """One text, one number, one moment: what our rows hold on average."""

    case_id = models.IntegerField(db_index=True)
    text = models.TextField(default="")
    number = models.IntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        app_label = "peer"


class Respondent(Row):
    """Is added, then given a term."""


class Deadline(Row):
    """Ends; another begins."""


class Participation(Row):
    """Is added."""


class Event(Row):
    """Is added, with the change as JSON."""


class EventText(Row):
    """Is added twice."""


class Link(Row):
    """Is added."""


class Count(Row):
    """Is changed for the state left and the state reached."""


class Outbox(Row):
    """Is added, with the bytes."""

    data = models.BinaryField()


class Case(models.Model):
    """The case with its state."""

    state = FSMField(default="received", protected=True)
    version = models.IntegerField(default=1)
    finding = models.TextField(default="")
    due_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "peer"

    def complete(self):
        """Tell whether the step is allowed: the guard."""
        return self.finding != ""

    @transition(field=state, source="received", target="verified", conditions=[complete])
    def verify(self):
        """Count the version."""
        self.version += 1


def advance(case_id):
    """Do one step: seventeen statements, fifteen of them writes."""
    with transaction.atomic():
        case = Case.objects.get(pk=case_id)
        case.finding = "responsible"
        case.verify()
        case.save()
        respondent = Respondent.objects.create(case_id=case_id, text="王建国")
        respondent.at = timezone.now()
        respondent.save()
        Deadline.objects.filter(case_id=case_id).update(at=timezone.now())
        Deadline.objects.create(case_id=case_id, text="classify")
        Participation.objects.create(case_id=case_id)
        for state, by in (("received", -1), ("verified", 1)):
            Count.objects.filter(text=state).update(number=models.F("number") + by)
        Event.objects.create(
            case_id=case_id, text=json.dumps({"from": "received", "to": case.state, "more": "x" * 900})
        )
        for text in ("调取录音两段，情况属实", "录音在原系统保存"):
            EventText.objects.create(case_id=case_id, text=text)
        Link.objects.create(case_id=case_id)
        Outbox.objects.create(case_id=case_id, text="subject", data=b"x" * asked["bytes"])
        Count.objects.filter(text="events").update(number=models.F("number") + 1)


with connection.schema_editor() as editor:
    for table in (Case, *Row.__subclasses__()):
        editor.create_model(table)
Case.objects.bulk_create(Case() for _ in range(asked["count"]))
Deadline.objects.bulk_create(Deadline(case_id=number + 1) for number in range(asked["count"]))
Count.objects.bulk_create(Count(case_id=0, text=text) for text in ("received", "verified", "events"))
started = time.perf_counter()
for number in range(asked["count"]):
    advance(number + 1)
print(time.perf_counter() - started)
