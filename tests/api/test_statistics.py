"""The statistics over HTTP."""

import pytest
from fastapi.testclient import TestClient

from service.review.statistics.statistics import Statistic
from tests.api.test_replies import written


@pytest.mark.parametrize("statistic", list(Statistic))
def test_every_statistic_can_be_read(client: TestClient, statistic: Statistic) -> None:
    """Each statistic answers with its lines, each of which says how to list the replies behind it."""
    written(client)
    found = client.get(f"/v1/statistics/{statistic}", params={"brand": "maison-lune"})
    assert found.status_code == 200
    assert found.json()["statistic"] == statistic
    assert found.json()["replies"] >= 1
    for line in found.json()["lines"]:
        assert client.get("/v1/replies", params={**line["filters"], "limit": 1}).status_code == 200


def test_a_reply_of_today_is_counted_and_listed(client: TestClient) -> None:
    """A reply just written is in today's number, and the line's filters list as many."""
    written(client)
    line = client.get("/v1/statistics/volume").json()["lines"][-1]
    listed = client.get("/v1/replies", params={**line["filters"], "state": "finished", "limit": 200}).json()["replies"]
    assert line["replies"] == len(listed) >= 1


def test_an_unknown_filter_is_refused(client: TestClient) -> None:
    """What is no filter, no day or no statistic is a problem instead of a figure of something else."""
    assert client.get("/v1/statistics/approval?since=yesterday").status_code == 422
    assert client.get("/v1/statistics/approval?tonne=warm").status_code == 422
    assert client.get("/v1/statistics/satisfaction").status_code == 422
