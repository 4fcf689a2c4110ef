"""Adding articles on the pages, from the files to what is served."""

import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from service.assembly import Services
from service.errors import UnknownUploadError
from service.knowledge.ingesting.jobs import IngestJob, IngestJobs
from service.knowledge.ingesting.plan import Embedding, Plan
from service.web.messages.knowledge.refusals import in_words
from tests.web.harmless import assert_harmless
from tests.web.knowledge.conftest import ARTICLES, OURS
from tests.web.parts import one

Read = Callable[..., BeautifulSoup]
Send = Callable[..., str]
LONGEST_S = 60.0
NOTE = b"# Voicemail\n\nVoicemail is free of charge at home and abroad, on every plan that we sell.\n"


@pytest.fixture
def send(client: TestClient) -> Send:
    """Upload files and return the address of what becomes of them."""

    def upload(files: dict[str, bytes], **fields: str) -> str:
        sent = [("files", (name, data)) for name, data in files.items()]
        answer = client.post("/knowledge/uploads", data={"brand": OURS, **fields}, files=sent, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    return upload


@pytest.fixture
def wait(read: Read) -> Read:
    """Load the page again until nothing is under way on it."""

    def until_idle(address: str, language: str = "en") -> BeautifulSoup:
        limit = time.monotonic() + LONGEST_S
        while (page := read(address, language)).select("[data-progress]"):
            assert time.monotonic() < limit
        return page

    return until_idle


def _press(client: TestClient, address: str, do: str) -> Any:  # noqa: ANN401 - the client's response
    return client.post(address, data={"do": do}, follow_redirects=False)


def test_files_are_planned_and_then_served(
    published: TestClient, send: Send, wait: Read, services: Services, call: Callable[..., Any]
) -> None:
    """Without a script: upload, read the plan, press one button, and the article is served and in the audit log."""
    address = send({"voicemail.md": NOTE, "slides.pptx": b"x"})
    plan = wait(address)
    assert "What would change" in plan.text
    assert "voicemail.md" in plan.text
    assert "Slides are not read; export them as PDF." in plan.text
    assert call(services.knowledge.article, OURS, "voicemail.md") is None

    assert _press(published, address, "apply").status_code == 303
    done = wait(address, "fr")
    assert "est servie" in done.text
    assert "Les diapositives ne sont pas lues" in done.text
    assert call(services.knowledge.article, OURS, "voicemail.md").title == "Voicemail"
    assert call(services.audit.page, None, 1)[0].action == "articles.ingested"
    assert _press(published, address, "apply").status_code == 409


def test_a_plan_may_be_left(published: TestClient, send: Send, wait: Read) -> None:
    """Discarding forgets the plan: its page is gone, and nothing was served."""
    address = send({"voicemail.md": NOTE})
    wait(address)
    assert _press(published, address, "discard").headers["location"] == f"/knowledge/add?brand={OURS}"
    gone = published.get(address, headers={"Accept-Language": "en"})
    assert gone.status_code == 404
    assert "not known any more" in gone.text


def test_an_archive_is_read_as_its_folder(published: TestClient, send: Send, wait: Read) -> None:
    """A zip alone gives the names that its folder would; as all that the brand has, its plan names what goes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("en/voicemail.md", NOTE)
        packed.writestr("en/../../evil.md", NOTE)
    assert published
    page = wait(send({"help.zip": archive.getvalue()}, whole="yes"))
    told = " ".join(page.text.split())
    assert "en/voicemail.md" in told
    assert "Its name in the archive points outside the archive." in told
    assert all(each.source in told for each in ARTICLES)
    assert page.select_one("dd.some") is not None


def test_bad_uploads_are_refused_in_words(published: TestClient, send: Send, wait: Read) -> None:
    """Twins, binaries, empty files and hostile names each have their line; the rest is read all the same."""
    bad = {"empty.md": b"", "photo.png": b"x", "broken.pdf": b"x", "x<img src=x onerror=alert(1)>.md": b"\x00\x01"}
    told = wait(send({**bad, "voicemail.md": NOTE}))
    assert_harmless(told)
    assert published
    assert len(told.select(".refused li")) == len(bad)
    assert all(one(each, "span").text.endswith(".") for each in told.select(".refused li"))
    twins = published.post(
        "/knowledge/uploads",
        data={"brand": OURS},
        files=[("files", ("a/voicemail.md", NOTE)), ("files", ("b/voicemail.md", NOTE))],
        follow_redirects=False,
    )
    assert "Another file of the upload has this name." in wait(str(twins.headers["location"])).text


def test_no_file_and_too_many_come_back_with_the_form(client: TestClient) -> None:
    """Sending nothing says what to do, beside the field."""
    for files in ([("files", ("", b""))], None):
        answer = client.post("/knowledge/uploads", data={"brand": OURS}, files=files)
        assert answer.status_code == 422
        page = BeautifulSoup(answer.text, "html.parser")
        assert one(page, "#files")["aria-describedby"] == "files-hint files-wrong"
        assert page.select_one("#files-wrong[role=alert]") is not None


def test_an_upload_may_be_larger_than_a_ticket_and_needs_our_form(client: TestClient, send: Send) -> None:
    """Two megabytes pass; without the form's token nothing is read, and an unknown brand is none."""
    assert send({"long.txt": NOTE * 25_000})
    files = [("files", ("voicemail.md", NOTE))]
    assert client.post("/knowledge/uploads", data={"brand": OURS, "csrf": "x"}, files=files).status_code == 403
    assert client.post("/knowledge/uploads", data={"brand": "nope"}, files=files).status_code == 404


def test_progress_is_told_as_events(published: TestClient, send: Send, wait: Read) -> None:
    """A script hears how far it is in the visitor's words, and when it has ended."""
    address = send({f"note-{number}.md": NOTE + str(number).encode() for number in range(5)})
    wait(address)
    _press(published, address, "apply")
    told = published.get(f"{address}/progress", headers={"Accept-Language": "en"}).text
    events = [block.split("\n") for block in told.strip().split("\n\n")]
    assert events[-1][0] == "event: ended"
    assert json.loads(events[-1][1].removeprefix("data: ")) == {"state": "finished"}
    for name, data in events[:-1]:
        assert name == "event: progress"
        assert json.loads(data.removeprefix("data: ")).keys() == {"words", "done", "total"}


def test_a_plan_that_came_too_late_is_not_done(
    published: TestClient, send: Send, wait: Read, publish: Callable[..., Any]
) -> None:
    """When the base changed since the plan, nothing is done, and the page says to try again."""
    address = send({"voicemail.md": NOTE})
    wait(address)
    publish(*ARTICLES[1:])
    _press(published, address, "apply")
    assert "has changed meanwhile" in wait(address).text


async def test_old_plans_are_forgotten_and_work_never_is() -> None:
    """The newest twenty jobs are kept; one that works is not forgotten for a newer one."""
    jobs = IngestJobs()
    empty = Plan(
        brand=OURS, base=0, added=(), changed=(), removed=(), missing=(), kept=0, refused=(),
        embedding=Embedding(model="m"),
    )  # fmt: skip

    async def plan(_: IngestJob) -> Plan:
        return empty

    made = []
    for _ in range(30):
        job = jobs.begin(OURS, plan)
        made.append(job)
        await job.idle.wait()
    assert jobs.get(made[-1].id) is made[-1]
    with pytest.raises(UnknownUploadError):
        jobs.get(made[0].id)


def test_every_sentence_of_the_readers_has_french_words() -> None:
    """A reason with figures and names in it keeps them; one that we do not know is shown as it is."""
    assert in_words("fr", "It is larger than 60 MB.") == "Il dépasse 60 Mo."
    assert in_words("en", "It is larger than 60 MB.") == "It is larger than 60 MB."
    assert in_words("fr", "The sheet 'A {0} {x}' has more than 5 rows; split it.").startswith("La feuille «")
    assert "A {0} {x}" in in_words("fr", "The sheet 'A {0} {x}' has more than 5 rows; split it.")
    assert in_words("fr", "Something new.") == "Something new."
