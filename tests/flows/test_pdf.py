"""Printing works out of the box: a document over HTTP, Chinese in it readable."""

import http.cookiejar
import io
import json
import unicodedata
import urllib.request

from pdfminer.high_level import extract_text


def signed_in(server):
    """Return an opener with a session of the administrator."""
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)
    params = {"db": server.database, "login": "admin", "password": "admin"}
    request = urllib.request.Request(
        f"{server.url}/web/session/authenticate",
        json.dumps({"jsonrpc": "2.0", "params": params}).encode(),
        {"Content-Type": "application/json"},
    )
    answer = json.load(opener.open(request, timeout=60))
    assert answer["result"]["uid"]
    return opener


def test_a_document_prints_with_chinese_text(odoo_server, cluster):
    """The overview of a model is a report that plain Odoo has."""
    model = cluster.sql(
        "SELECT id FROM ir_model WHERE model = 'res.lang'", odoo_server.database
    )
    cluster.sql(
        """UPDATE ir_model SET name = '{"en_US": "瑞丰语言"}'
           WHERE model = 'res.lang'""",
        odoo_server.database,
    )
    address = f"{odoo_server.url}/report/pdf/base.report_irmodeloverview/{model}"
    with signed_in(odoo_server).open(address, timeout=120) as answer:
        assert answer.headers["Content-Type"] == "application/pdf"
        document = answer.read()
    assert document.startswith(b"%PDF")
    # fonts name some characters by their radical (言 as U+2F94): the same, to a reader
    text = unicodedata.normalize("NFKC", extract_text(io.BytesIO(document)))
    assert "瑞丰语言" in text
