from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mlops_install.answers.check import complete, find_problems
from mlops_install.answers.document import dump_answers, read_answers
from mlops_install.answers.model import Answers, Backend
from mlops_install.answers.presets import load_preset
from mlops_install.catalogue.model import Catalogue
from mlops_install.catalogue.schema import answers_schema
from mlops_install.catalogue.strict_yaml import parse_yaml, read_yaml
from mlops_install.errors import UsageError

_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["no", "on", "1e3", "0o17", "017", "1_000", "12:30:45", "2020-01-01",
     "~", "null", "=", "<<", ".inf", "0x1F", "- a", "#", ""]
)  # fmt: skip
_clean = _texts.filter(lambda text: "://" not in text)
_numbers = st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def answers(draw: st.DrawFn) -> Answers:
    profile = st.fixed_dictionaries(
        {"name": _clean},
        optional={"image": st.none() | _clean, "extra": st.none() | st.dictionaries(_clean, _numbers, max_size=2)},
    )
    parameters = st.fixed_dictionaries(
        {},
        optional={
            "hub_port": st.integers(1024, 65535),
            "hub_profiles": st.none() | st.lists(profile, max_size=2),
            "labels": st.dictionaries(_clean, _clean, max_size=3),
            "oauth_enable": st.booleans(),
            "store_cache_size": st.none() | _numbers,
            "store_mode": st.sampled_from(["fast", "safe"]),
            "store_path": _clean,
        },
    )
    references = st.sampled_from(["generated", "typed", "env:TOKEN", "file:~/a b/ü: #"])
    return Answers(
        name=draw(st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=40)),
        target="sample",
        modules=tuple(draw(st.lists(st.sampled_from(["hub", "store", "store_cache"]), unique=True))),
        parameters=draw(parameters),
        secrets=draw(st.dictionaries(st.sampled_from(["hub_token", "hub_password"]), references)),
        backend=Backend(
            draw(st.sampled_from(["local", "s3"])), draw(st.dictionaries(st.sampled_from(["bucket", "key"]), _clean))
        ),
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(given_answers=answers(), comment=st.text("ab \n#", max_size=8))
def test_answers_and_presets_come_back_as_they_were_written(
    catalogue: Catalogue, tmp_path: Path, given_answers: Answers, comment: str
) -> None:
    path = tmp_path / "answers.yaml"
    text = dump_answers(given_answers, comment=comment)
    path.write_text(text, encoding="utf-8")
    assert read_answers(path, catalogue) == given_answers
    assert dump_answers(read_answers(path, catalogue), comment=comment) == text
    full = complete(given_answers, catalogue)
    assert find_problems(full, catalogue) == []
    path.write_text(dump_answers(full, comment=""), encoding="utf-8")
    assert list(Draft202012Validator(answers_schema(catalogue)).iter_errors(read_yaml(path).value)) == []
    if "typed" not in full.secrets.values():
        preset = load_preset(str(path), root=tmp_path, working_directory=tmp_path, catalogue_of=lambda _: catalogue)
        assert preset.answers == full


def test_the_document_has_a_stable_order_and_the_comment_on_top(catalogue: Catalogue) -> None:
    parameters = {"store_path": "/d", "hub_port": 1024, "labels": {"b": "1", "a": "2"}}
    text = dump_answers(Answers("a", "sample", ("hub",), parameters), comment="Run:\n  mlops-install apply")
    assert text.startswith("# Run:\n#   mlops-install apply\nformat: 1\nname: a\ntarget: sample\nmodules:\n- hub\n")
    assert text.index("hub_port") < text.index("    a:") < text.index("    b:") < text.index("store_path")


BAD = """\
format: 1
name: Bad_Name
target: sample
modul: [hub]
modules: [hub, The Hub, stor, hub]
parameters:
  hub_port: "8000"
  hub_prt: 1
  install_hub: true
  hub_token: CANARY-1
  hub_secrets_revision: 3
  store_mode: saffe
  store_path: no
  store_cache_size: true
  oauth_client_id: https://me:CANARY-2@host
  hub_profiles: [{name: a, imag: b}, {image: 3}]
secrets:
  hub_password: CANARY-3
  oauth_client_secret: generated
  store_mode: generated
  hub_tokn: typed
backend: {type: s3, config: {bucket: b, secret_key: CANARY-4}}
"""


def test_everything_wrong_is_reported_at_once_and_no_secret_repeated(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(BAD)
    with pytest.raises(UsageError) as caught:
        read_answers(path, catalogue)
    found = [(problem.subject, problem.source.rpartition(" ")[2], str(problem)) for problem in caught.value.problems]
    expected = [
        ("modul", "4", "Did you mean modules?"),
        ("name", "2", "lower-case"),
        ("modules", "5", "The Hub. Did you mean hub?"),
        ("modules", "5", "Did you mean store?"),
        ("modules", "5", "names hub twice"),
        ("hub_port", "7", "is a text, must be a whole number."),
        ("hub_prt", "8", "Did you mean hub_port?"),
        ("install_hub", "9", "under `modules`"),
        ("hub_token", "10", "secrets: {hub_token: env:NAME}"),
        ("hub_secrets_revision", "11", "set by the deployment itself"),
        ("store_mode", "12", "The mode is fast or safe. Did you mean safe?"),
        ("store_cache_size", "14", "is true or false, must be a number or null."),
        ("oauth_client_id", "15", "password inside an address"),
        ("hub_profiles", "16", "item 1: has the unknown key imag. Did you mean image?"),
        ("hub_profiles", "16", "item 2: lacks name."),
        ("hub_profiles", "16", "item 2: key image: is a number, must be a text or null."),
        ("hub_password", "18", "never be the secret itself"),
        ("oauth_client_secret", "19", "can't be generated"),
        ("store_mode", "12", "is not a secret"),
        ("hub_tokn", "21", "Did you mean hub_token?"),
        ("backend", "22", "credential secret_key"),
    ]
    assert [(subject, line) for subject, line, _ in found] == [(subject, line) for subject, line, _ in expected]
    assert [text for (_, _, part), (_, _, text) in zip(expected, found, strict=True) if part not in text] == []
    assert "CANARY" not in f"{caught.value} {caught.value.hint} {caught.value.problems}"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("- a", ""),
        ("", ""),
        ("format: 2\nname: a\ntarget: sample", "format"),
        ("format: true\nname: a\ntarget: sample", "format"),
        ("format: 1\ntarget: sample", "name"),
        ("format: 1\nname: a", "target"),
        ("format: 1\nname: a\ntarget: other", "target"),
        ("format: 1\nname: 5\ntarget: sample", "name"),
        ("format: 1\nname: a\ntarget: sample\nmodules: hub", "modules"),
        ("format: 1\nname: a\ntarget: sample\nmodules: [1]", "modules"),
        ("format: 1\nname: a\ntarget: sample\nparameters: [a]", "parameters"),
        ("format: 1\nname: a\ntarget: sample\nsecrets: {hub_token: 12345678}", "hub_token"),
        ("format: 1\nname: a\ntarget: sample\nbackend: s3", "backend"),
        ("format: 1\nname: a\ntarget: sample\nbackend: {type: s3, region: x}", "backend"),
        ("format: 1\nname: a\ntarget: sample\nbackend: {type: S-3}", "backend"),
        ("format: 1\nname: a\ntarget: sample\nbackend: {config: {}}", "backend"),
        ("format: 1\nname: a\ntarget: sample\nbackend: {type: s3, config: 1}", "backend"),
    ],
)
def test_a_wrong_outline_names_its_key(catalogue: Catalogue, tmp_path: Path, text: str, subject: str) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_answers(path, catalogue)
    assert subject in {problem.subject for problem in caught.value.problems}
    assert all(str(path) in problem.source for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a: [", "line"),
        ("a: b: c", "line 1"),
        ("a: 1\nb:\n  c: 2\n  c: 3\n", "f, line 4: b.c: stands here a second time; it is also on line 3."),
        ("a: &x [1]\nb: *x\n", "f, line 2: b: is an alias"),
        ("a: &x [*x]\n", "is an alias"),
        ("a: !!python/object:os.system x\n", "f, line 1: a: has a tag"),
        ("1: a\n", "not a text"),
        ("a: \x07", "not valid YAML"),
        ("a: 1\n---\nb: 2\n", "line 2"),
        ("a: 1" + "0" * 400 + ".0", "wrong form or size"),
        ("[" * 2000, "YAML"),
    ],
)
def test_what_is_not_plain_data_is_refused_with_its_line(text: str, part: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_yaml(text, source="f")
    assert part in "\n".join([caught.value.message, *map(str, caught.value.problems)])


def test_files_that_cannot_be_read_are_usage_errors(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"a: \xe9")
    for name in ("none", ".", "latin"):
        with pytest.raises(UsageError) as caught:
            read_yaml(tmp_path / name)
        assert str(tmp_path) in caught.value.message
