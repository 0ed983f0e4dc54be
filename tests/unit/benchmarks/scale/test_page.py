"""docs/scale.md and its plot show what costs.json gives."""

from dataclasses import replace

from benchmarks.comparison.publish import plots
from benchmarks.scale import page, tables
from benchmarks.scale.growth import first_full
from benchmarks.scale.plot import spec
from benchmarks.scale.profile import AGENT, PROFILES, USERS
from benchmarks.scale.stack import Stack
from benchmarks.sizing.page import UNMEASURED
from benchmarks.sizing.report import Report
from components.stack.costs import measured
from tests.unit.benchmarks.scale.paper import COSTS, PROFILE
from tests.unit.benchmarks.sizing.rounds import REPORT

WRITE = "write it anew: `python -m benchmarks publish-sizing`"
COSTLIER = replace(REPORT, figures=[replace(each, median=10 * each.median) for each in REPORT.figures])


def test_the_page_shows_what_the_costs_give() -> None:
    report = Report.read()
    assert (report and report.costs) == measured()
    for document, text in page.parts(report).items():
        assert not document.differs(text), f"{document.name}: {WRITE}"


def test_the_plot_shows_what_the_costs_give() -> None:
    costs = measured()
    assert page.PLOT.exists() == (costs is not None), WRITE
    assert costs is None or page.PLOT.read_text() == plots.svg(spec(costs)), WRITE


def test_costlier_requests_and_chunks_change_tables_and_plot() -> None:
    before, after = page.figures(REPORT), page.figures(COSTLIER)
    assert {name for name in before if before[name] != after[name]} == {"growth", "needs", "measured"}
    assert spec(REPORT.costs) != spec(COSTLIER.costs)


def test_without_figures_the_page_shows_none() -> None:
    shown = {document.name: text for document, text in page.parts(None).items()}
    assert {name for name, text in shown.items() if text == UNMEASURED} == {"growth", "needs", "spend", "measured"}


def test_each_number_of_users_has_a_row_by_hand() -> None:
    (*_, row) = tables.needs(PROFILE, COSTS).rows
    assert row == (
        "10,000", "100", "500", "5,000", "9", "2", "2", "1,415", "4%", "7%", "Postgres connections, 71%", "–", "1", "4",
    )  # fmt: skip
    assert len(tables.needs(PROFILE, COSTS).rows) == len(USERS)


def test_what_one_stack_cannot_have_is_bold_and_has_its_setting() -> None:
    (*_, row) = tables.needs(replace(PROFILE, requests_per_hour=180), COSTS).rows
    assert row[4:8] == ("86", "13", "**9**", "**9,115**")
    assert row[10:12] == ("**Postgres connections, 456%**", "`litellm.config.database_connection_pool_limit: 10`")


def test_nodes_are_those_of_all_stacks() -> None:
    (*_, row) = tables.needs(replace(PROFILE, requests_per_hour=1800), COSTS).rows
    # 62 processors of edges, of which a stack has 5.6: 11 stacks, with 12 replicas and 3 nodes more each.
    assert row[-2:] == ("11", "165")


def test_noise_is_named() -> None:
    (first, *others) = REPORT.figures
    (sentence,) = page.noise(replace(REPORT, figures=[replace(first, low=-1.0, median=1.0), *others]))
    assert sentence.endswith("mostly noise: processor time of a request (LiteLLM).")
    assert page.noise(REPORT) == []


def test_rows_of_spend_are_the_requests_of_a_minute() -> None:
    rows = {row[0]: row[1:] for row in tables.spend().rows}
    # 120 an hour, at the peak 1.5 times as many: 3 a minute of each.
    assert rows[AGENT.name] == ("300", "3,000", "30,000", "3.3 min")


def test_the_plot_names_what_is_full_first_in_each_panel() -> None:
    values = spec(COSTS)["data"]["values"]
    labels = {value["profile"]: value["first"] for value in values if "first" in value}
    for profile in PROFILES:
        part, users = first_full(profile, Stack(), COSTS)
        assert labels[profile.name] == f"full first, at {users:,} users:\n{part.name}"
