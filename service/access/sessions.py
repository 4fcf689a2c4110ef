"""Signed sessions of the pages, and the tokens that their forms carry; nothing of them is stored."""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from service.errors import ConfigurationError

COOKIE = "aplomb_session"
LASTS = timedelta(hours=8)
_FILE = "sessions.key"
_SECRET_BYTES = 32


class Sessions:
    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def begin(self, key_id: str, now: datetime) -> str:
        """Return the cookie of a new session of this key."""
        told = f"{key_id}.{int((now + LASTS).timestamp())}.{secrets.token_urlsafe(12)}"
        return f"{told}.{self._sign('session', told)}"

    def key_id(self, cookie: str, now: datetime) -> str | None:
        """Return whose session it is; None when it is over, or not of ours."""
        told, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign("session", told).encode()):
            return None
        key_id, ends, _ = told.split(".")
        return key_id if now.timestamp() < int(ends) else None

    def form_token(self, cookie: str) -> str:
        """Return what the forms of this session carry; without a session (an empty *cookie*), of this service."""
        return self._sign("form", cookie)

    def is_form_token(self, token: str, cookie: str) -> bool:
        return hmac.compare_digest(token.encode(), self.form_token(cookie).encode())

    def _sign(self, purpose: str, text: str) -> str:
        return hmac.new(self._secret, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def open_sessions(data_dir: Path) -> Sessions:
    """
    Return the sessions of this data directory; its secret is made when there is none.

    Raises:
        ConfigurationError: The secret can neither be read nor made.
    """
    file = data_dir / _FILE
    try:
        with (
            suppress(FileExistsError),
            os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new,
        ):
            new.write(secrets.token_bytes(_SECRET_BYTES))
        secret = file.read_bytes()
    except OSError as exc:
        raise ConfigurationError(f"{file} cannot be used: {exc.strerror}") from exc
    if len(secret) < _SECRET_BYTES:
        raise ConfigurationError(f"{file} is damaged: delete it, and everybody logs in again")
    return Sessions(secret)
