import base64
import json
from pathlib import Path

import pytest

from tests.replies.desk import QUESTION, desk
from tests.replies.models import wire
from tests.replies.models.providers import OPENAI, cells, settings_of
from tests.replies.models.scripted_server import Scripted, scripted
from tests.replies.models.test_faults_on_the_wire import TEXTS

DATA = base64.b64encode(b"\x89PNG\r\n\x1a\n not really").decode()
TICKET = {"messages": [{"text": QUESTION, "attachments": [{"media_type": "image/png", "data": DATA}]}]}


@pytest.mark.parametrize("seen", [True, False])
@pytest.mark.parametrize(("provider", "case", "sse"), cells(["image"], {"image"}))
async def test_images_go_to_models_that_see_them(
    tmp_path: Path,
    provider: str,
    case: str,  # noqa: ARG001 - there is one
    *,
    sse: bool,
    seen: bool,
) -> None:
    """Images are in the request of a model that sees them; any other is told, and the reply’s reasons say so."""
    with scripted(Scripted(wire.stream(provider, TEXTS, "whole"))) as server:
        settings = settings_of(provider, f"{server.url}/v1" if provider == OPENAI else server.url)
        async with desk(tmp_path, settings.model_copy(update={"chat_images": seen})) as at:
            answer = await at.ask(sse=sse, ticket=TICKET)
    sent = json.dumps(json.loads(server.bodies[0]))
    assert (DATA in sent) == seen
    assert "[image not shown" in sent
    assert ("image_not_shown" in {reason["code"] for reason in answer.last["reasons"]}) != seen


async def test_what_is_no_image_is_refused(tmp_path: Path) -> None:
    """Only images in base64 are taken, and what was sent is not repeated."""
    with scripted(Scripted([])) as server:
        async with desk(tmp_path, settings_of(OPENAI, f"{server.url}/v1")) as at:
            wrong = {"messages": [{"text": QUESTION, "attachments": [{"media_type": "text/html", "data": "<b>"}]}]}
            answer = await at.ask(sse=False, ticket=wrong)
    assert (answer.status, "<b>" in str(answer.last)) == (422, False)
