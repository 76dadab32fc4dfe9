"""What stands for GitHub in a cluster without a way out, and a browser that signs in with it; both run in pods.

The real authenticator of the hub asks it, by the settings that it has for a GitHub of one's own (GITHUB_URL).
"""

from __future__ import annotations

from tests.cluster.conftest import TestCluster

SECRET = "canary0123456789abcdef0123456789abcdef01"
"""The OAuth app's: without it nobody gets a token."""
CLIENT = "Iv1.0123456789abcdef"
SERVER = f"""\
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

class GitHub(BaseHTTPRequestHandler):
    def answer(self, code, document=None, **headers):
        self.send_response(code)
        for name, value in {{"Content-Type": "application/json", **headers}}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"" if document is None else json.dumps(document).encode())

    def do_GET(self):
        asked = urlsplit(self.path)
        query = {{name: values[0] for name, values in parse_qs(asked.query).items()}}
        who = self.headers.get("Authorization", "").rpartition(" ")[2]
        if asked.path == "/login/oauth/authorize" and "read:org" in query["scope"]:
            back = urlencode({{"code": query["login"], "state": query["state"]}})
            self.answer(302, Location=query["redirect_uri"] + "?" + back)
        elif asked.path == "/api/v3/user" and who:
            self.answer(200, {{"login": who, "id": 1, "name": None, "email": None}})
        else:
            self.answer(204 if asked.path == "/api/v3/orgs/example/members/member" and who == "member" else 404)

    def do_POST(self):
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {{name: values[0] for name, values in parse_qs(sent).items()}}
        if (form.get("client_id"), form.get("client_secret")) != ("{CLIENT}", "{SECRET}"):
            return self.answer(401)
        self.answer(200, {{"access_token": form["code"], "token_type": "bearer", "scope": "read:org"}})

ThreadingHTTPServer(("", 8000), GitHub).serve_forever()
"""
BROWSER = """\
import json, sys, requests, urllib3
urllib3.disable_warnings()
hub, inside, found = sys.argv[1], "https://proxy-public", {}
for who in sys.argv[2:]:
    browser = requests.Session()
    browser.verify = False
    door = browser.get(inside + "/hub/oauth_login", allow_redirects=False).headers["Location"]
    back = requests.get(door + "&login=" + who, allow_redirects=False).headers["Location"]
    assert back.startswith(hub + "/hub/oauth_callback?"), back
    entered = browser.get(back.replace(hub, inside), allow_redirects=False).status_code
    pages = [browser.get(inside + page, allow_redirects=False).status_code for page in ("/hub/home", "/hub/admin")]
    found[who] = [entered, *pages]
print(json.dumps(found))
"""
"""Prints by user what the hub answered to the way back from GitHub, and then for its pages `home` and `admin`."""


def install(on: TestCluster, namespace: str, image: str) -> str:
    """Run it in a namespace and return its address in the cluster."""
    labels = {"app": "github"}
    container = {"name": "github", "image": image, "command": ["python3", "-c", SERVER]}
    spec = {"containers": [container], "terminationGracePeriodSeconds": 0}
    pod = {"metadata": {"name": "github", "labels": labels}, "spec": spec}
    service = {"metadata": {"name": "github"}, "spec": {"selector": labels, "ports": [{"port": 8000}]}}
    on.client().post(f"/api/v1/namespaces/{namespace}/pods", pod)
    on.client().post(f"/api/v1/namespaces/{namespace}/services", service)
    return f"http://github.{namespace}.svc.cluster.local:8000"
