"""A record keeps a logged reply whole, and those of earlier releases stay readable."""

import json
import zlib
from dataclasses import replace

from service.reply_log.receipts import settings_hash
from service.reply_log.records import _LENGTHS, pack, unpack
from tests.reply_log.conftest import make_logged


def test_the_settings_that_shaped_a_reply_are_kept_with_it() -> None:
    """Their values come back as they were, with a hash that any other value changes."""
    shaped = replace(make_logged(), settings={"min_answerability": 0.4, "chat_images": None, "embeddings": "hashed"})
    kept = unpack(pack(shaped)).settings
    assert kept == shaped.settings
    assert settings_hash(kept) == settings_hash(shaped.settings)
    assert settings_hash(kept) != settings_hash({**kept, "min_answerability": 0.41})


def test_a_record_of_before_settings_were_recorded_is_read() -> None:
    """It says nothing of settings, and everything else as ever."""
    packed = zlib.decompress(pack(make_logged("Bonjour")))
    length, *_ = _LENGTHS.unpack_from(packed)
    said = json.loads(packed[_LENGTHS.size :][:length])
    del said["settings"]
    older = json.dumps(said).encode()
    logged = unpack(zlib.compress(_LENGTHS.pack(len(older), 0, 0) + older))
    assert (logged.reply.text, logged.settings, settings_hash(logged.settings)) == ("Bonjour", {}, None)
