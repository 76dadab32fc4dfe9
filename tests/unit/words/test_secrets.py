"""No secret leaves the program, however it is quoted, split or overlapped by another."""

from __future__ import annotations

import base64
import json
import shlex
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_install.words.secrets import MARK, SecretFilter

DSN_PASSWORD = "p@ss/w0rd &<'\"$x"
PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0\nBAQEFAASCBKcwggSj\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    "quoted",
    [
        str,
        lambda text: quote(text),
        lambda text: quote(text, safe=""),
        lambda text: quote(text, safe="").replace("%2F", "%2f").replace("%40", "%40"),
        lambda text: quote(text, safe="!'()*~"),
        quote_plus,
        lambda text: json.dumps(text)[1:-1],
        lambda text: json.dumps(json.dumps({"a": text})),
        lambda text: json.dumps(text)[1:-1].replace("&", r"\u0026").replace("<", r"\u003c"),
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
        shlex.quote,
        lambda text: "'" + text.replace("'", "''") + "'",
        repr,
    ],
)
def test_a_password_is_found_however_it_is_quoted(quoted: Callable[[str], str]) -> None:
    clean = SecretFilter([DSN_PASSWORD])
    said = clean(f"postgresql://mlflow:{quoted(DSN_PASSWORD)}@db/mlflow is refused")
    assert MARK in said
    for part in ("ss", "w0rd", "cEBzcy", "%40", "x@db"):
        assert part not in said.replace("pass", "").replace(f"{MARK}@db", "")


@pytest.mark.parametrize("user", ["a", "ab", "abc", "user"])
def test_an_authorization_header_tells_nothing(user: str) -> None:
    secret = "correct horse battery"
    header = base64.b64encode(f"{user}:{secret}".encode()).decode()
    said = SecretFilter([secret])(f"Authorization: Basic {header}")
    assert MARK in said
    # At most the two characters that hold bits of a neighbour are left of the secret.
    assert len(said.replace(MARK, "")) <= len("Authorization: Basic ") + -(-(len(user) + 1) * 4 // 3) + 4


def test_a_secret_that_begins_another_leaves_no_rest() -> None:
    assert SecretFilter(["hunter", "hunter22"])("hunter22 hunter") == f"{MARK} {MARK}"
    assert SecretFilter(["hunter22", "hunter"])("hunter22 hunter") == f"{MARK} {MARK}"


def test_overlapping_secrets_go_together() -> None:
    assert SecretFilter(["abcdXYZ", "XYZ1234"])("<abcdXYZ1234>") == f"<{MARK}>"


def test_each_line_of_a_key_is_one() -> None:
    clean = SecretFilter([PEM])
    assert clean(PEM) == MARK
    assert clean("broken at MIIEvQIBADANBgkqhkiG9w0!") == f"broken at {MARK}!"


def test_short_values_would_take_words_apart() -> None:
    assert SecretFilter(["a", "abc", ""])("banana abc") == "banana abc"


def test_the_password_of_an_address_is_one_though_nobody_named_it() -> None:
    clean = SecretFilter([])
    assert clean("http://me:word@host/x") == f"http://me:{MARK}@host/x"
    assert clean("http://host:80/x and a@b") == "http://host:80/x and a@b"


def test_json_values_are_clean_all_through() -> None:
    clean = SecretFilter(["s3cr3t"])
    assert clean.value({"s3cr3t": ["a s3cr3t", {"b": ("s3cr3t", 1, None)}]}) == {
        MARK: [f"a {MARK}", {"b": [MARK, 1, None]}]
    }


_VALUES = st.lists(st.text(min_size=4, max_size=12), min_size=1, max_size=4)


@given(_VALUES, st.text(max_size=40), st.text(max_size=40), st.data())
def test_no_secret_survives(values: list[str], before: str, after: str, data: st.DataObject) -> None:
    secret = data.draw(st.sampled_from(values))
    said = SecretFilter(values)(before + secret + after)
    assert secret not in said or any(secret in text for text in (before + MARK + after, MARK))


@given(
    st.lists(st.text(alphabet="ab\n", min_size=4, max_size=9), min_size=1, max_size=4),
    st.text(alphabet="abc\n", max_size=60),
    st.lists(st.integers(min_value=0, max_value=60)),
)
def test_however_a_text_is_split_the_same_is_said(values: list[str], text: str, cuts: list[int]) -> None:
    whole = SecretFilter(values)
    stream = whole.stream()
    places = sorted({0, *(cut for cut in cuts if cut < len(text)), len(text)})
    said = [stream.feed(text[start:end]) for start, end in pairwise(places)]
    assert "".join([*said, stream.end()]) == whole(text)


def test_what_cannot_be_a_secret_is_said_at_once() -> None:
    stream = SecretFilter(["hunter22"]).stream()
    assert [stream.feed(piece) for piece in ("ready\n", "a hunt", "er22", "\n")] == ["ready\n", "a ", MARK, "\n"]


def test_one_filter_makes_the_marks() -> None:
    """A second one would know other forms: whatever takes secrets out goes through words/secrets.py."""
    package = Path(__file__).parents[3] / "installer/mlops_install"
    other = ('"***"', '"[secret]"', '"(hidden)"', '"[redacted]"', '"<redacted>"')
    found = [
        (str(path.relative_to(package)), mark)
        for path in package.rglob("*.py")
        for mark in other
        if mark in path.read_text(encoding="utf-8") and path.name != "secrets.py"
    ]
    assert found == []
