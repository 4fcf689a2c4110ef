from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.replies.models.faults import Fault, FaultKind, fault_of, parse_retry_after


@given(st.integers(0, 10**8))
def test_seconds_are_taken_as_they_are(seconds: int) -> None:
    assert parse_retry_after(f" {seconds}") == seconds


@given(st.text())
def test_a_wait_is_never_negative_whatever_it_says(value: str) -> None:
    """A header is foreign text: it means a number of seconds or nothing."""
    wait = parse_retry_after(value)
    assert wait is None or wait >= 0


@pytest.mark.parametrize("value", ["0\x1f", "\u0663", "1e3", "NaN", "-5", "\x1c7"])
def test_what_only_looks_like_a_number_is_none(value: str) -> None:
    """RFC 9110 knows ASCII digits between spaces and tabs, nothing else."""
    assert parse_retry_after(value) is None


def test_a_date_is_a_wait_until_then() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert parse_retry_after(soon) == pytest.approx(60, abs=2)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx2.ConnectError("x"), FaultKind.UNREACHABLE),
        (ConnectionRefusedError(), FaultKind.UNREACHABLE),
        (httpx2.ReadTimeout("x"), FaultKind.SILENT),
        (httpx2.RemoteProtocolError("x"), FaultKind.BROKEN_OFF),
        (UnicodeDecodeError("utf-8", b"", 0, 1, "x"), FaultKind.DAMAGED),
        (ValueError("what is this"), FaultKind.FAILED),
        (Fault(FaultKind.TOO_LARGE), FaultKind.TOO_LARGE),
    ],
)
def test_each_library_error_means_one_thing(error: Exception, kind: FaultKind) -> None:
    """Whichever library raises it, and however deep it stands behind another."""
    assert fault_of(error).kind is kind
    wrapped = RuntimeError("wrapped")
    wrapped.__cause__ = error
    assert fault_of(wrapped).kind is kind
