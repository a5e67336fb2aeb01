import json
from pathlib import Path

import pytest
from devtools.bench import runner
from devtools.bench.figure import Figure, Spread, relative_spread
from devtools.errors import ToldError
from devtools.system.layout import ROOT

FIGURE = Figure(
    id="P-1",
    name="append",
    value=1500.0,
    unit="commits/s",
    floor=600.0,
    ratio=2.5,
    target=">= 1.5",
    met=True,
    n=3,
    p50=1.25,
    spread=0.031,
)


def test_percentiles_are_values_that_were_measured() -> None:
    spread = Spread.of([5.0, 1.0, 2.0, 4.0, 3.0])
    assert (spread.p50, spread.p95, spread.p99) == (3.0, 5.0, 5.0)
    assert Spread.of(list(range(1, 101))).p99 == 99
    assert Spread.of([7.0]).p50 == 7.0


def test_no_samples_have_no_percentiles() -> None:
    with pytest.raises(ValueError, match="no samples"):
        Spread.of([])


def test_the_spread_compares_the_extremes_with_the_middle() -> None:
    assert relative_spread([90.0, 100.0, 110.0]) == pytest.approx(0.2)


def test_the_line_shows_both_sides_and_the_verdict() -> None:
    line = FIGURE.line()
    assert "1,500 commits/s / 600 = 2.50" in line
    assert "target >= 1.5: met" in line
    assert "n=3 p50=1.25 ±3%" in line


def test_machines_find_every_field_they_compare(tmp_path: Path) -> None:
    runner.write_json(tmp_path / "figures.json", [FIGURE])
    (written,) = json.loads((tmp_path / "figures.json").read_text())
    wanted = {"id", "value", "unit", "floor", "ratio", "target", "met", "n", "p50", "p95", "p99"}
    assert wanted <= written.keys()


def test_a_benchmark_that_is_not_there_is_refused_with_the_list() -> None:
    with pytest.raises(ToldError, match=r"there are: .*up"):
        runner.choose(ROOT, ["nonsense"])


def test_all_benchmarks_run_when_none_is_named() -> None:
    assert runner.choose(ROOT, []) == runner.available(ROOT)
