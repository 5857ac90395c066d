"""What Prometheus is told: requests as this process counts them, and the house's own figures read when asked.

Counts only: no person, no number of a complaint, no address. Routes are named as they are registered.
"""

import platform
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from svcqa.assessment import queries as cycles
from svcqa.casework import queries as complaints
from svcqa.kernel import audit, letters, rounds
from svcqa.kernel.errors import Busy
from svcqa.kernel.transaction import SYSTEM, Transaction, Workplace

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Gauges:
    """The figures of one web process."""

    def __init__(self, place: Workplace) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, which nobody reads
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "svcqa_http_requests", "Requests answered, 499 where nobody waited for the answer.",
            ("method", "route", "status"), registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "svcqa_http_request_seconds", "From the first byte of a request to the last of its answer.",
            ("method", "route"), buckets=BUCKETS, registry=self._registry,
        )  # fmt: skip
        ProcessCollector(registry=self._registry)
        self._registry.register(House(place))

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """Write everything as Prometheus reads it."""
        return generate_latest(self._registry)


@dataclass(frozen=True, eq=False)
class House(Collector):
    """The house's own figures; where the database does not answer, only that."""

    place: Workplace

    def collect(self) -> Iterator[Metric]:
        """Read them in one transaction and yield them."""
        yield _labelled("svcqa_build", "The version that runs.", ("version", "python", "database"),
                        {(version("svcqa"), platform.python_version(), self.place.engine.dialect.name): 1})  # fmt: skip
        free = shutil.disk_usage(self.place.settings.data_dir).free
        yield _plain("svcqa_data_free_bytes", "Free space where the data folder lies.", free)
        try:
            with self.place.reading(SYSTEM) as tx:
                found = list(figures(tx))
        except self._away:
            yield _plain("svcqa_database_up", "Whether the database answers.", 0)
            return
        yield _plain("svcqa_database_up", "Whether the database answers.", 1)
        yield from found

    @property
    def _away(self) -> tuple[type[Exception], ...]:
        return (Busy, SQLAlchemyError, self.place.engine.dialect.loaded_dbapi.Error)


def figures(tx: Transaction) -> Iterator[Metric]:
    """Yield what the database knows; each figure is read through an index or from a count that is kept."""
    mails, load = letters.stock(tx), cycles.load(tx)
    yield _by("svcqa_mails", "Mails that are not sent.", "state", mails.states)
    yield _plain("svcqa_mails_sent_last_day", "Mails posted in the last 24 hours that are sent.", mails.sent)
    oldest = tx.now - mails.oldest_at if mails.oldest_at else timedelta()
    yield _plain("svcqa_mail_oldest_waiting_seconds", "Age of the oldest mail that waits to go.", oldest)
    yield _plain("svcqa_mail_paused", "Whether the queue is paused.", int(letters.paused(tx) is not None))
    yield _by("svcqa_complaints_open", "Open complaints.", "state", complaints.open_counts(tx))
    yield _plain("svcqa_complaints_overdue", "Open complaints past a deadline.", complaints.overdue(tx))
    yield _by("svcqa_cycles", "Assessment cycles.", "stage", load.stages)
    yield _plain("svcqa_cycle_requests_open", "Cycles asked to go on that no run has taken.", load.asked)
    waiting = tx.now - load.asked_at if load.asked_at else timedelta()
    yield _plain("svcqa_cycle_request_oldest_seconds", "Age of the oldest of them.", waiting)
    ages = {name: ago.total_seconds() for name, ago in rounds.since(tx).items()}
    yield _by("svcqa_round_seconds", "Since work that runs by itself last came round.", "work", ages)
    yield _plain("svcqa_audit_events", "Events of the audit chain.", audit.size(tx))


def _plain(name: str, words: str, value: float | timedelta) -> Metric:
    number = value.total_seconds() if isinstance(value, timedelta) else value
    return GaugeMetricFamily(name, words, value=max(number, 0))


def _by(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    return _labelled(name, words, (label,), {(key,): value for key, value in values.items()})


def _labelled(
    name: str, words: str, labels: tuple[str, ...], values: Mapping[tuple[str, ...], float]
) -> Metric:
    family = GaugeMetricFamily(name, words, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family
