"""Figures for Prometheus that every process keeps."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()
REQUESTS = Counter("centralita_requests_total", "Requests answered", ["method", "route", "status"], registry=REGISTRY)
SECONDS = Histogram(
    "centralita_request_seconds",
    "Time to answer",
    ["method", "route"],
    registry=REGISTRY,
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
LAG_MS = Gauge("centralita_loop_lag_ms", "Event loop wake-up delay of the last minute", ["quantile"], registry=REGISTRY)
LATE = Histogram(
    "centralita_loop_late_seconds",
    "Event loop wake-up delay",
    registry=REGISTRY,
    buckets=(0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1),
)
SSE_CLIENTS = Gauge("centralita_sse_clients", "Open live streams", registry=REGISTRY)
QUEUE = Gauge("centralita_queue_jobs", "Jobs in the queue", ["state"], registry=REGISTRY)
TASKS = Gauge("centralita_background_tasks", "Background tasks and devices by state", ["state"], registry=REGISTRY)
DATABASE_BYTES = Gauge("centralita_database_bytes", "Size of the database", registry=REGISTRY)
