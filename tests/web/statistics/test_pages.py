"""The pages of figures."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from scripts.measures.review import reviewed
from service.assembly import Services
from service.domain import Decision
from service.review.statistics.statistics import Statistic
from service.review.verdicts import Judgement, Verdict
from service.web.statistics.charts import raw
from tests.web.judged import judge_in_sample
from tests.web.parts import one

Read = Callable[..., BeautifulSoup]
Log = Callable[..., Any]
_TWO = "&".join(f"version={version}" for version in reviewed.VERSIONS)


@pytest.fixture(scope="module")
def rich(client: TestClient) -> None:
    """Four hundred made-up replies of two versions with verdicts, second readings and outcomes."""
    services: Services = client.app.state.services  # type: ignore[attr-defined]  # FastAPI's state is untyped
    assert client.portal is not None
    client.portal.call(partial(reviewed.fill, services.engine, 400, until=datetime.now(UTC)))


@pytest.mark.parametrize("statistic", list(Statistic))
def test_the_numbers_are_those_of_the_api(client: TestClient, read: Read, log_again: Log, statistic: Statistic) -> None:
    """Each value of a chart's table is the value that the API and the CSV file give."""
    log_again(decision=Decision.HANDOFF)
    lines = client.get(f"/v1/statistics/{statistic}").json()["lines"]
    told = [[raw(value) for name, value in line.items() if name != "filters"] for line in lines]
    section = read("/statistics").select_one(f'section[aria-labelledby="chart-{statistic}"]')
    assert section is not None
    assert [[data["value"] for data in row.select("data")] for row in section.select("tbody tr:has(data)")] == told
    sheet = list(csv.reader(io.StringIO(client.get(f"/statistics/{statistic}.csv").text)))
    names = [[name for name in lines[0] if name != "filters"]] if lines else []
    assert sheet == names + [[_typed(cell) for cell in row] for row in told]


def _typed(cell: str) -> str:
    """Return a cell as the file has it: a text that would be computed is marked, a number below 0 is not."""
    is_number = cell.lstrip("-").replace(".", "").replace("e-", "").isdecimal()
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) and not is_number else cell


@pytest.mark.parametrize("statistic", list(Statistic))
@pytest.mark.parametrize("query", ["", "source=all", "source=targeted&by=language", "by=brand&brand=maison-lune", _TWO])
def test_figures_are_the_same_everywhere(
    client: TestClient, read: Read, rich: None, statistic: Statistic, query: str
) -> None:
    """With verdicts and outcomes in the log, page, CSV file and API tell the same figures, by any filter."""
    assert rich is None
    lines = client.get(f"/v1/statistics/{statistic}?{query}").json()["lines"]
    told = [[raw(value) for name, value in line.items() if name != "filters"] for line in lines]
    section = one(read(f"/statistics?{query}"), f'section[aria-labelledby="chart-{statistic}"]')
    assert [[str(data["value"]) for data in row.select("data")] for row in section.select("tbody tr:has(data)")] == told
    link = section.select_one('a[href*=".csv"]')
    assert bool(link) == bool(lines)
    if link:
        sheet = list(csv.reader(io.StringIO(client.get(str(link["href"])).text)))
        assert sheet[1:] == [[_typed(cell) for cell in row] for row in told]


def test_every_figure_links_to_its_replies(read: Read, client: TestClient, log_again: Log) -> None:
    """A day's number leads to a log that lists just as many replies."""
    log_again(brand="counted")
    log_again(brand="counted", decision=Decision.HANDOFF)
    page = read("/statistics?brand=counted")
    link = page.select('section[aria-labelledby="chart-volume"] tbody a')[-1]
    listed = BeautifulSoup(client.get(str(link["href"])).text, "html.parser").select(".what a")
    assert len(listed) == 2
    for each in page.select(".numbers a"):
        assert client.get(str(each["href"])).status_code == 200


def test_a_chart_is_drawn_for_screen_and_phone(read: Read, log_again: Log) -> None:
    """Each drawing stands there in two widths with a name for those who do not see it, and no word is too small."""
    log_again()
    drawings = read("/statistics").select("svg")
    assert {str(each["width"]) for each in drawings} == {"640", "340"}
    for each in drawings:
        assert each["aria-label"]
        assert float(str(each["font-size"])) * (288 / 340 if each["width"] == "340" else 1) >= 12


def test_reasons_are_a_pareto_and_a_panel_for_each_version(read: Read, rich: None) -> None:
    """The reasons have bars and rising dots; each version has a panel of the same reasons in the same order."""
    assert rich is None
    page = read("/statistics?brand=maison-lune")
    pareto = one(page, 'section[aria-labelledby="chart-reject-reasons"]')
    sums = [float(str(dot["cx"])) for dot in pareto.select(".wide .dot")]
    assert sums == sorted(sums)
    assert sums[-1] == 632
    assert len(pareto.select(".wide .bar")) == len(sums) > 1
    panels = one(page, 'section[aria-labelledby="chart-reject-reasons-by-version"]').select("figure")
    assert {panel.figcaption.text for panel in panels if panel.figcaption} >= set(reviewed.VERSIONS)
    assert len({len(panel.select("circle")) for panel in panels}) == 1
    for link in one(page, 'section[aria-labelledby="chart-reject-reasons-by-version"]').select("tbody a")[:3]:
        assert "why=" in str(link["href"])
        assert "version=" in str(link["href"])


def test_versions_are_chosen_in_the_address(client: TestClient, read: Read, rich: None, log_again: Log) -> None:
    """Up to six versions are what every figure then speaks of; their links list their replies; none means all."""
    assert rich is None
    log_again()
    one_version = next(iter(reviewed.VERSIONS))
    everything = client.get("/v1/statistics/volume").json()["replies"]
    both = client.get(f"/v1/statistics/volume?{_TWO}").json()["replies"]
    assert client.get(f"/v1/statistics/volume?version={one_version}").json()["replies"] < both < everything
    page = read(f"/statistics?{_TWO}")
    assert {str(box["value"]) for box in page.select(".which [checked]")} == set(reviewed.VERSIONS)
    assert len(page.select(".which [type=checkbox]")) > 2
    assert not read("/statistics").select(".which [checked]")
    line = client.get(f"/v1/statistics/handoff-reasons?{_TWO}").json()["lines"][0]
    listed = client.get("/v1/replies", params={**line["filters"], "state": "finished", "limit": 200}).json()["replies"]
    assert {each["prompt"]["version"] for each in listed} == set(reviewed.VERSIONS)
    assert len(listed) == line["k"]
    many = "&".join(f"version=v{number}" for number in range(7))
    assert client.get(f"/v1/statistics/volume?{many}").status_code == 422
    assert len(read(f"/statistics?{many}").select(".which [checked]")) == 6


def test_what_nobody_rated_is_not_zero(read: Read, log_again: Log) -> None:
    """A version without a rating is called not rated, and has no bar."""
    log_again(brand="unrated")
    section = read("/statistics?brand=unrated").select_one('section[aria-labelledby="chart-approval"]')
    assert section is not None
    assert "not rated" in section.text
    assert not section.select("circle, .interval")


def test_nothing_in_the_period_says_so(read: Read) -> None:
    """A period without replies shows a sentence instead of empty charts, and odd addresses show the usual page."""
    assert "No finished reply in this period" in read("/statistics?since=2020-01-01&until=2020-01-02").text
    for query in ("since=never", "source=all&by=tone&baseline=warm", "by=nothing", "since=2026-12-31&until=2026-01-01"):
        assert read(f"/statistics?{query}").select("h1")


def test_the_first_steps_tick_themselves(read: Read, log_again: Log, call: Callable[..., Any], services: Any) -> None:  # noqa: ANN401 - the fixture's parts
    """The overview lists the first steps, ticks what is done, and counts the judged replies."""
    for _ in range(2):
        logged = log_again(brand="first-steps")
        call(services.reviews.save, logged.reply.id, "ana", Judgement(verdict=Verdict.APPROVE))
    page = read("/overview")
    done = page.select(".steps .done")
    assert "passages are served" in done[0].text
    assert len(page.select(".cards a")) == 6
    for card in page.select(".cards a"):
        assert card["href"]


def test_the_number_behind_an_approval_is_the_number_approved(
    client: TestClient,
    read: Read,
    log_again: Log,
    call: Callable[..., Any],
    services: Any,  # noqa: ANN401 - the fixture's parts
) -> None:
    """A version's approval links to exactly the replies of the sample that were approved."""
    ids = [log_again(brand="approvals").reply.id for _ in range(4)]
    elsewhere = log_again(brand="approvals").reply.id
    verdicts = (Verdict.APPROVE, Verdict.APPROVE, Verdict.REJECT, Verdict.CANNOT_JUDGE)
    for reply_id, verdict in zip(ids, verdicts, strict=True):
        judge_in_sample(services, call, reply_id, verdict)
    call(services.reviews.save, elsewhere, "ben", Judgement(verdict=Verdict.APPROVE))
    line = client.get("/v1/statistics/approval?brand=approvals").json()["lines"][0]
    row = read("/statistics?brand=approvals").select_one('section[aria-labelledby="chart-approval"] tbody tr')
    assert row is not None
    link = row.select_one("a")
    assert link is not None
    listed = BeautifulSoup(client.get(str(link["href"])).text, "html.parser").select(".what a")
    assert len(listed) == line["k"] == 2
    told = client.get("/v1/replies", params={**line["filters"], "state": "finished"}).json()["replies"]
    assert {each["id"] for each in told} == set(ids[:2])
