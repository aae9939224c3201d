"""The production configuration really runs: workers, live updates, closed manager."""

import base64
import os
import socket
import time
import urllib.error
import urllib.request

import pytest


@pytest.fixture(scope="module")
def production(start_server, repository):
    """A server with config/odoo.production.conf, two workers to spare the machine."""
    running = start_server(
        repository / "config/odoo.production.conf",
        ["--workers=2", "--max-cron-threads=1"],
    )
    yield running
    running.stop()


def test_the_login_page_is_served_by_a_worker(production):
    with urllib.request.urlopen(f"{production.url}/web/login", timeout=30) as page:
        assert b"oe_login_form" in page.read()


def test_the_database_manager_is_closed(production):
    """Odoo answers with a page that says so and offers nothing."""
    with urllib.request.urlopen(
        f"{production.url}/web/database/manager", timeout=30
    ) as page:
        text = page.read().decode()
    assert "disabled by the administrator" in text
    assert production.database not in text


def test_live_updates_are_served_on_their_own_port(production):
    """The handshake of a websocket, as the proxy passes it on."""
    key = base64.b64encode(os.urandom(16)).decode()
    request = (
        "GET /websocket?version=1 HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{production.gevent_port}\r\n"
        f"Origin: http://127.0.0.1:{production.gevent_port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    answer = b""
    for _attempt in range(240):
        try:
            with socket.create_connection(
                ("127.0.0.1", production.gevent_port), timeout=10
            ) as connection:
                connection.sendall(request.encode())
                answer = connection.recv(200)
                break
        except ConnectionRefusedError:
            time.sleep(0.5)
    assert answer.startswith(b"HTTP/1.1 101")


def test_an_unknown_page_is_not_found_rather_than_an_error(production):
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{production.url}/no/such/page", timeout=30)
    assert error.value.code == 404
