import socket

import pytest
from conftest import ForeignConnectionError


def test_tests_cannot_leave_the_machine() -> None:
    """A test that would call a foreign address fails instead of calling it."""
    with socket.socket() as foreign, pytest.raises(ForeignConnectionError):
        foreign.connect(("192.0.2.1", 443))
    with pytest.raises(ForeignConnectionError):
        socket.getaddrinfo("example.com", 443)
