"""Alert rules and panels name what the processes export, and nothing else: a misspelt metric never fires."""

import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from ansinh_kit.mongo import connect
from ansinh_kit.observability.metrics import HttpMetrics, Metrics, TaskMetrics
from auth.storage.code_use import CodeUse
from gateway.event_stream_metrics import count_open_streams
from gateway.limit_news_metrics import LimitNewsMetrics
from gateway.routes import ROUTES
from gateway.upstream_metrics import UpstreamMetrics
from prometheus_client import REGISTRY, CollectorRegistry

from tests.surface.published import NOWHERE

MONITORING: Final = Path(__file__).parents[2] / "deploy" / "monitoring"
_NAME: Final = re.compile(r"\b((?:ansinh|auth|gateway|http|background)_[a-z_]+)\b")
_ROUTE: Final = re.compile(r'route="([^"]+)"')
_SAMPLES: Final = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
_COUNT_IN_THEIR_PROCESS: Final = (
    "ansinh_kit.messaging.metrics",
    "ansinh_kit.projections.followed_view",
    "ansinh_kit.projections.projector",
    "notifications.providers.fail_over",
    "notifications.storage.sms_budget",
)
# Labels, not metrics; they stand where a metric could.
_PROCESSES: Final = frozenset({"auth", "gateway"})


def exported() -> set[str]:
    """Return the name of every sample of our own that some process shows."""
    for module in _COUNT_IN_THEIR_PROCESS:
        import_module(module)
    registry = CollectorRegistry(auto_describe=True)
    metrics = Metrics("any")
    HttpMetrics(metrics)
    TaskMetrics(metrics)
    UpstreamMetrics(metrics)
    count_open_streams(metrics, lambda: 0)
    LimitNewsMetrics(metrics)
    CodeUse(connect(NOWHERE, app_name="monitoring").database("nowhere"), registry)
    return {
        f"{metric.name}{end}"
        for source in (registry, metrics.registry, REGISTRY)
        for metric in source.collect()
        for end in _SAMPLES.get(metric.type, ())
    }


def rules() -> list[dict[str, Any]]:
    document = yaml.safe_load((MONITORING / "alerts.yml").read_text(encoding="utf-8"))
    return [rule for group in document["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    document = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))
    return list(document["panels"])


def expressions() -> Iterator[tuple[str, str]]:
    for rule in rules():
        yield rule["alert"], rule["expr"]
    for panel in panels():
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]


@pytest.mark.parametrize(("name", "expression"), list(expressions()))
def test_a_rule_or_panel_asks_for_what_is_exported(name: str, expression: str) -> None:
    asked = set(_NAME.findall(expression)) - _PROCESSES
    assert asked, name
    assert asked <= exported()


@pytest.mark.parametrize(("name", "expression"), list(expressions()))
def test_a_route_that_is_asked_for_is_one_of_the_table(name: str, expression: str) -> None:
    assert set(_ROUTE.findall(expression)) <= {route.path for route in ROUTES}, name


def test_an_alert_says_whom_it_wakes_and_what_it_means() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)
    for rule in rules():
        assert rule["labels"]["severity"] in {"page", "ticket"}, rule["alert"]
        assert rule["annotations"]["summary"], rule["alert"]


@pytest.mark.sec("LIM-10")
@pytest.mark.sec("LIM-11")
def test_the_alarms_of_codes_wake_somebody() -> None:
    waking = " ".join(rule["expr"] for rule in rules() if rule["labels"]["severity"] == "page")
    assert "ansinh_sms_budget_refusals_total" in waking
    assert "auth_codes_to_ranges_hardly_entering_total" in waking


def test_panels_stand_beside_each_other_and_each_has_an_id_of_its_own() -> None:
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels()]
    assert len(set(places)) == len(places)
    assert len({panel["id"] for panel in panels()}) == len(panels())
