import socket

import pytest


def test_tests_cannot_leave_the_machine() -> None:
    """A test that would call a foreign address fails instead of calling it."""
    with socket.socket() as foreign, pytest.raises(AssertionError, match="offline"):
        foreign.connect(("192.0.2.1", 443))
    with pytest.raises(AssertionError, match="offline"):
        socket.getaddrinfo("example.com", 443)
