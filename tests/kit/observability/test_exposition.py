from ansinh_kit.observability.metrics import HttpMetrics, Metrics
from prometheus_client import Counter

_beside_the_app = Counter("ansinh_test_beside_the_app", "Counted by a module, not by an app")


def test_what_an_app_and_what_its_process_count_is_shown_once_each() -> None:
    metrics = Metrics("one")
    HttpMetrics(metrics).begun()
    _beside_the_app.inc()

    text = metrics.exposition()[0].decode()

    assert "http_requests_in_flight 1.0" in text
    assert "ansinh_test_beside_the_app_total 1.0" in text
    families = [line for line in text.splitlines() if line.startswith("# TYPE")]
    assert len(families) == len(set(families))
    assert "process_resident_memory_bytes" in text
