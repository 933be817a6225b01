"""The service: what it has been doing, for Prometheus: GET /api/metrics."""

import time
from collections.abc import Iterator

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import __version__
from ..describer import QueueState
from .admission import Admission
from .indexwatch import IndexWatch

PREFIX = "image_similarity"
# Seconds. A search takes a few milliseconds, and a large picture some seconds.
_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_METHODS = frozenset(("GET", "HEAD", "POST", "DELETE", "OPTIONS"))
# Where an address is of no route, or not asked so far.
NO_ROUTE = "none"

# When each series began takes a third of the text.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """Counts and times of one application.

    Attributes
    ----------
    describing, searching : Histogram
        Seconds that a query waits for its description, and for its answer.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._requests = Counter(
            f"{PREFIX}_requests", "Requests that were answered.", ("route", "method", "status"), registry=self._registry
        )
        self._seconds = self._histogram("request", "Seconds from the head of a request to its answer.", "route")
        self.describing = self._histogram("describing", "Seconds in which a picture that was sent was described.")
        self.searching = self._histogram("searching", "Seconds in which the nearest pictures were found.")
        ProcessCollector(PREFIX, registry=self._registry)

    def observe(self, watch: IndexWatch, admission: Admission) -> None:
        """Tell of a service, too."""
        self._registry.register(_ServiceCollector(watch, admission))

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request. The route is that of the application, as addresses have no end."""
        self._requests.labels(route, method if method in _METHODS else "other", str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return all in the format of Prometheus."""
        return generate_latest(self._registry)

    def _histogram(self, name: str, meaning: str, *labels: str) -> Histogram:
        return Histogram(f"{PREFIX}_{name}_seconds", meaning, labels, registry=self._registry, buckets=_BUCKETS)


class _ServiceCollector(Collector):
    def __init__(self, watch: IndexWatch, admission: Admission) -> None:
        self._watch = watch
        self._admission = admission

    def collect(self) -> Iterator[Metric]:
        """Look at the service as it is now."""
        index, admission = self._watch.current, self._admission
        labels = ("version", "index", "descriptor")
        about = GaugeMetricFamily(f"{PREFIX}_info", "What serves which index.", labels=labels)
        named = ("", "") if index is None else (index.name, index.searcher.descriptor.name)
        about.add_metric((__version__, *named), 1)
        yield about
        yield _gauge("index_images", "Pictures of the index.", 0 if index is None else len(index.searcher))
        trouble = bool(self._watch.trouble)
        yield _gauge("index_trouble", "1 if the index as it is cannot be used.", trouble)
        yield _gauge("searches", "Searches that are being answered.", admission.searches.now)
        yield _gauge("searches_most", "Searches that may be answered at the same time.", admission.searches.most)
        yield _gauge("upload_bytes", "Bytes of uploads that are held in memory.", admission.upload_bytes)
        yield _gauge("thumbnails", "Thumbnails that are made, or wait for it.", admission.thumbnails.now)
        yield _gauge("files", "Files that are being sent.", admission.files.now)
        yield _gauge("answer_bytes", "Bytes of other large answers that are being sent.", admission.answer_bytes.now)
        yield _counter("refusals", "Requests that were told to come again.", admission.refusals)
        state = QueueState(0, 0, 0, 0, 0) if index is None else index.worker.state()
        yield _gauge("pictures_waiting", "Pictures that wait to be decoded.", state.waiting + state.apart)
        yield _gauge("pictures_decoding", "Pictures that are being decoded.", state.begun)
        yield _counter("worker_restarts", "Processes that a picture, or somebody, has ended.", state.restarts)
        yield _counter("worker_renewals", "Processes that were replaced as they kept much memory.", state.renewals)


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}_{name}", meaning, value)


def _counter(name: str, meaning: str, value: float) -> CounterMetricFamily:
    return CounterMetricFamily(f"{PREFIX}_{name}", meaning, value)


class CountRequests:
    """ASGI middleware: counts requests, also those that end in an error."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        is_counted = False

        async def send_and_count(message: Message) -> None:
            nonlocal is_counted
            if message["type"] == "http.response.start":
                is_counted = True
                seconds = time.perf_counter() - begun
                self._metrics.count(_route_of(scope), scope["method"], message["status"], seconds)
            await send(message)

        await self._app(scope, receive, send_and_count)


def _route_of(scope: Scope) -> str:
    if "route" not in scope and scope["path"].startswith("/static/"):
        return "/static"
    route = scope.get("route")
    return str(getattr(route, "path", NO_ROUTE))


router = APIRouter(prefix="/api", tags=["service"])


@router.head("/metrics", include_in_schema=False)
@router.get(
    "/metrics", response_class=Response,
    responses={200: {"content": {CONTENT_TYPE_PLAIN_0_0_4.partition(";")[0]: {"schema": {"type": "string"}}}}},
)  # fmt: skip
async def get_metrics(request: Request) -> Response:
    """Return counts and times in the text format of Prometheus."""
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)
