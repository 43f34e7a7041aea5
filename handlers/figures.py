"""How much a process has answered, and how long it took: figures for Prometheus."""

from dataclasses import dataclass, field
from http import HTTPMethod
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_METHODS: Final = frozenset(HTTPMethod)


@dataclass
class Figures:
    """One process's figures, in a registry of its own."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        """Declare them."""
        labels = ["method", "endpoint", "status"]
        self.requests = Counter("kes_requests", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram("kes_request_seconds", "Time to an answer", ["endpoint"], registry=self.registry)
        self.cases = Gauge("kes_cases", "Cases by state", ["state"], registry=self.registry)
        self.late = Gauge("kes_late_seconds", "How long the oldest is overdue", ["kind"], registry=self.registry)
        self.waiting = Gauge("kes_waiting", "What waits, by kind", ["kind"], registry=self.registry)
        self._kept: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def count(self, method: str, endpoint: str, status: int, seconds: float) -> None:
        """Count an answer given in so many seconds; a method unknown to HTTP is `other`: nobody makes up figures."""
        name = (method if method in _METHODS else "other", endpoint, status)
        kept = self._kept.get(name)
        if kept is None:
            kept = self._kept[name] = (self.requests.labels(*name[:2], str(status)), self.seconds.labels(endpoint))
        kept[0].inc()
        kept[1].observe(seconds)
