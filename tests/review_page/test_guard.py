"""Who is let in, and what others are told."""

import pytest
from tests.review_page.client import HOST, PORT, TOKEN


def test_the_page_answers_a_browser_that_was_let_in(client):
    answer = client.ask("/")
    assert answer.status == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert b"<script>" not in answer.body
    assert b"style=" not in answer.body


def test_the_link_sets_a_cookie_that_no_script_and_no_other_site_has(client):
    answer = client.ask(f"/?token={TOKEN.replace(' ', '%20')}", leave_out=["cookie"])
    cookie = answer.headers["set-cookie"]
    assert answer.status == 200
    assert cookie.startswith(f'ostinato-{PORT}="')
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert b"refresh" in answer.body


REFUSALS = {
    "no cookie": (401, {}, ["cookie"]),
    "a wrong cookie": (401, {"cookie": f"ostinato-{PORT}=wrong"}, []),
    "the cookie of another port": (401, {"cookie": f"ostinato-{PORT + 1}={TOKEN}"}, []),
    "another host": (421, {"host": f"evil.example:{PORT}"}, []),
    "the host without its port": (421, {"host": "127.0.0.1"}, []),
    "a host that begins alike": (421, {"host": f"{HOST}.evil.example"}, []),
    "no host": (421, {}, ["host"]),
    "another site": (403, {"sec-fetch-site": "cross-site"}, []),
    "a site beside": (403, {"sec-fetch-site": "same-site"}, []),
}


@pytest.mark.parametrize("name", REFUSALS)
@pytest.mark.parametrize("address", ["/", "/api/state", "/sound/mix.wav", "/static/review.js"])
def test_others_are_refused_in_words(client, name, address):
    status, headers, leave_out = REFUSALS[name]
    answer = client.ask(address, headers=headers, leave_out=leave_out)
    assert answer.status == status
    assert answer.text.endswith(".\n")
    assert "content-security-policy" in answer.headers


WRITES = {
    "no origin": (403, {}, ["origin"]),
    "another origin": (403, {"origin": "http://evil.example"}, []),
    "the origin null": (403, {"origin": "null"}, []),
    "this host on another port": (403, {"origin": "http://127.0.0.1:1"}, []),
    "the other name of this host": (403, {"origin": f"http://localhost:{PORT}"}, []),
    "a form": (415, {"content-type": "text/plain"}, []),
    "no length": (411, {}, ["content-length"]),
    "too much": (413, {"content-length": "100000000"}, []),
}


@pytest.mark.parametrize("name", WRITES)
def test_what_changes_something_must_come_from_the_page(client, folder, name):
    status, headers, leave_out = WRITES[name]
    wish = {"do": "accept", "id": "O1", "last_seen": 0, "token": "t"}
    answer = client.post("/api/change", wish, headers=headers, leave_out=leave_out)
    assert answer.status == status
    assert len(answer.text) > 10
    assert not (folder / "review").exists()


def test_a_wrong_or_a_second_token_opens_nothing(client):
    for query in ("token=wrong", f"token={TOKEN}&token={TOKEN}", "token="):
        answer = client.ask(f"/?{query.replace(' ', '%20')}", leave_out=["cookie"])
        assert answer.status in {401, 403}
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_no_other_method_is_answered(client, method):
    assert client.ask("/", method=method).status == 405


@pytest.mark.parametrize(
    "address",
    ["/static/../guard.py", "/static/%2e%2e/guard.py", "/static/blind.js", "/nothing", "/api/"],
)
def test_there_is_nothing_else(client, address):
    answer = client.ask(address)
    assert answer.status == 404
    assert answer.text.endswith(".\n")


def test_a_read_cannot_change(client, folder):
    assert client.ask("/api/change").status == 405
    assert client.ask("/api/state", method="POST", body=b"{}").status == 405
    assert not (folder / "review").exists()
