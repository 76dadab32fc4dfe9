"""Prepare a model's folder as an init container does.

The object store is a stand-in on loopback: it lists by pages of two and gives objects; it knows one bucket and one key,
and checks no signature.
"""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from checks import check, run

OBJECTS = {
    "root/7/m/artifacts/MLmodel": b"flavors: {}\n",
    "root/7/m/artifacts/model.pkl": bytes(range(256)) * 1000,
    "root/7/m/artifacts/code/own module.py": b"A = 1\n",
    "root/7/m/artifacts-of-another/MLmodel": b"no\n",
    "root/8/evil/../../../../escaped": b"no\n",
    "root/8/evil/MLmodel": b"no\n",
    "root/9/empty/readme": b"no\n",
}


class Store(BaseHTTPRequestHandler):
    """ListObjectsV2, HeadObject and GetObject of a store."""

    def do_GET(self):
        url = urlsplit(self.path)
        _, bucket, *key = url.path.split("/", 2)
        key = unquote(key[0]) if key else ""
        if "Credential=may-read/" not in self.headers.get("Authorization", ""):
            return self.refuse(403, "AccessDenied")
        if bucket != "bucket":
            return self.refuse(404, "NoSuchBucket")
        if not key:
            return self.list(parse_qs(url.query))
        body = OBJECTS[key]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"x"')
        self.end_headers()
        return self.wfile.write(b"" if self.command == "HEAD" else body)

    do_HEAD = do_GET

    def list(self, query):
        prefix, start = query["prefix"][0], int(query.get("continuation-token", ["0"])[0])
        keys = sorted(key for key in OBJECTS if key.startswith(prefix))
        page, more = keys[start : start + 2], len(keys) > start + 2
        token = f"<NextContinuationToken>{start + 2}</NextContinuationToken>" if more else ""
        items = "".join(f"<Contents><Key>{key}</Key><Size>{len(OBJECTS[key])}</Size></Contents>" for key in page)
        truncated = f"<IsTruncated>{str(more).lower()}</IsTruncated>"
        self.say(200, f"<ListBucketResult>{truncated}{token}{items}</ListBucketResult>")

    def refuse(self, status, code):
        self.say(status, f"<Error><Code>{code}</Code><Message>no</Message></Error>")

    def say(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments):
        """Stay silent."""


store = ThreadingHTTPServer(("127.0.0.1", 0), Store)
threading.Thread(target=store.serve_forever, args=(0.01,), daemon=True).start()
URL = f"http://127.0.0.1:{store.server_port}"


def prepare(folder, uri, **more):
    """Run the module as the container does; return its exit code and last line."""
    variables = {"MODEL_NAME": "wine", "MODEL_VERSION": "3", "MODEL_URI": uri, "S3_ENDPOINT_URL": URL}
    keys = {"AWS_ACCESS_KEY_ID": "may-read", "AWS_SECRET_ACCESS_KEY": "x", "AWS_MAX_ATTEMPTS": "1"}
    argv = [sys.executable, "-m", "mlflow_seldon.files", str(folder)]
    given = {name: value for name, value in (os.environ | variables | keys | more).items() if value is not None}
    done = subprocess.run(argv, env=given, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr.strip().splitlines()[-1:]


@check
def files_come_from_the_object_store_page_by_page():
    folder = Path("models") / "from-store"
    for _ in range(2):  # a restarted container runs it again
        code, said = prepare(folder, "s3://bucket/root/7/m/artifacts", MODEL_REGISTERED="Wine quality")
        assert code == 0, said
        found = {
            path.relative_to(folder / "model").as_posix(): path.read_bytes()
            for path in (folder / "model").rglob("*")
            if path.is_file()
        }
        prefix = "root/7/m/artifacts/"
        assert found == {key[len(prefix) :]: body for key, body in OBJECTS.items() if key.startswith(prefix)}
    settings = json.loads((folder / "model-settings.json").read_text())
    assert (settings["name"], settings["parameters"]["uri"]) == ("wine", "./model")
    assert settings["parameters"]["extra"]["version"] == "3"
    record = json.loads((folder / "deployment.json").read_text())
    assert (record["model"], record["uri"]) == ("Wine quality", "s3://bucket/root/7/m/artifacts")
    assert sorted(path.name for path in folder.iterdir()) == ["deployment.json", "model", "model-settings.json"]


@check
def why_there_are_none_is_said_in_one_line():
    for uri, words, more in (
        ("s3://bucket/root/nothing", "was the version deleted?", {}),
        ("s3://bucket/root/9/empty", "no file MLmodel", {}),
        ("s3://other/root", "no bucket other", {}),
        ("s3://bucket/root", "may not read the bucket", {"AWS_ACCESS_KEY_ID": "another"}),
        ("s3://bucket/root", "can't be asked", {"S3_ENDPOINT_URL": "http://127.0.0.1:1"}),
        ("s3://bucket/root/8/evil", "outside", {}),
        ("/not/there", "no folder /not/there", {}),
        ("ftp://x", "must begin with s3://", {}),
        ("", "MODEL_URI is not set", {}),
    ):
        code, said = prepare(Path("models") / "none", uri, **more)
        assert code == 1, (uri, said)
        assert said[0].startswith("mlflow-seldon: "), said
        assert words in said[0], (words, said)
        assert not (Path("models") / "none" / "model-settings.json").exists()
        assert not Path("escaped").exists()


@check
def a_local_folder_is_copied():
    source = Path("logged").resolve()
    source.mkdir()
    (source / "MLmodel").write_text("flavors: {}\n")
    assert prepare(Path("models") / "copied", str(source))[0] == 0
    assert (Path("models") / "copied" / "model" / "MLmodel").is_file()
    assert prepare(Path("models") / "copied", source.as_uri())[0] == 0


run()
