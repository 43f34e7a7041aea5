"""How much a process has answered, and how long it took: figures for Prometheus."""

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


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
