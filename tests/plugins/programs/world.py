"""A stand-in of Kubernetes' API, of Seldon's operator and of the router in front of models, on loopback.

It keeps objects by kind and name, counts resourceVersion, filters by one label, and gives logs. What it does not do:
validate or default anything, authorize, watch, delete dependents with grace, run pods; its operator makes a
Deployment for each SeldonDeployment, and pods are as the test says. The client on a real API server, kubelet and
operator is tested in tests/cluster.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

TEMPLATE = {
    "apiVersion": "machinelearning.seldon.io/v1",
    "kind": "SeldonDeployment",
    "metadata": {
        "name": "@NAME@",
        "labels": {"app.kubernetes.io/managed-by": "mlflow-seldon", "mlflow-seldon/model": "@MODEL@"},
        "annotations": {
            "mlflow-seldon/uri": "@URI@",
            "mlflow-seldon/version": "@VERSION@",
            "mlflow-seldon/created": "@CREATED@",
        },
    },
    "spec": {
        "predictors": [
            {
                "name": "default",
                "componentSpecs": [
                    {
                        "spec": {
                            "initContainers": [
                                {
                                    "name": "model-files",
                                    "env": [
                                        {"name": "MODEL_VERSION", "value": "@VERSION@"},
                                        {"name": "MODEL_URI", "value": "@URI@"},
                                    ],
                                }
                            ],
                            "containers": [{"name": "@NAME@", "image": "serving:1", "env": []}],
                        }
                    }
                ],
            }
        ]
    },
}


class World:
    """Objects, what answers, and what happens at each step."""

    def __init__(self):
        self.objects, self.logs, self.answering = {}, {}, {}
        self.version, self.refusals, self.steps, self.on_step = 0, [], 0, None
        config = {"template.json": json.dumps(TEMPLATE), "artifacts.json": '{"root": "s3://bucket/root"}'}
        self.put("configmaps", {"metadata": {"name": "seldon-serving"}, "data": config})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"world": self}))
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def put(self, kind, body):
        self.version += 1
        body["metadata"]["resourceVersion"] = str(self.version)
        self.objects.setdefault(kind, {})[body["metadata"]["name"]] = body

    def all(self, kind):
        return list(self.objects.get(kind, {}).values())

    def step(self):
        """What happens between two looks of the client: the operator acts, then the test's script."""
        self.steps += 1
        assert self.steps < 200, "the client waits for ever"
        for deployment in self.all("seldondeployments"):
            self.operate(deployment)
        for name in set(self.objects.get("deployments", {})) - set(self.objects.get("seldondeployments", {})):
            del self.objects["deployments"][name]
        if self.on_step:
            self.on_step(self)

    def operate(self, deployment):
        name = deployment["metadata"]["name"]
        spec = deployment["spec"]["predictors"][0]["componentSpecs"][0]["spec"]
        before = self.objects.get("deployments", {}).get(name)
        if before is None or before["spec"]["template"]["spec"] != spec:
            generation = before["metadata"]["generation"] + 1 if before else 1
            metadata = {"name": name, "generation": generation, "labels": {"seldon-deployment-id": name}}
            self.put("deployments", {"metadata": metadata, "spec": {"replicas": 1, "template": {"spec": spec}}})

    def rolled_out(self, name):
        """Let a Deployment's one replica be the new one, and answer."""
        deployment = self.objects["deployments"][name]
        counts = dict.fromkeys(("updatedReplicas", "replicas", "availableReplicas"), 1)
        deployment["status"] = {"observedGeneration": deployment["metadata"]["generation"], **counts}
        variables = deployment["spec"]["template"]["spec"]["initContainers"][0]["env"]
        self.answering[name] = next(item["value"] for item in variables if item["name"] == "MODEL_VERSION")

    def pod(self, name, **status):
        """Give the newest Deployment of a name one pod in a state."""
        spec = self.objects["deployments"][name]["spec"]["template"]["spec"]
        metadata = {"name": f"{name}-1", "labels": {"seldon-deployment-id": name}}
        self.put("pods", {"metadata": metadata, "spec": spec, "status": status})


class Handler(BaseHTTPRequestHandler):
    """Both APIs: Kubernetes' and the models'."""

    world = None

    def do_GET(self):
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        if path.startswith("/v2/models/"):
            return self.model(path.split("/")[3])
        kind, name, rest = self.place()
        if rest == "log":
            return self.say(200, self.world.logs.get(name, ""))
        if name:
            found = self.world.objects.get(kind, {}).get(name)
            return self.say(200, found) if found else self.refuse(404, f"{kind} {name} not found")
        found = self.world.all(kind)
        key, _, value = query.get("labelSelector", [""])[0].partition("=")
        if key:
            labels = [item["metadata"].get("labels") or {} for item in found]
            found = [item for item, has in zip(found, labels, strict=True) if key in has and value in ("", has[key])]
        return self.say(200, {"items": found})

    def do_POST(self):
        kind, _, _ = self.place()
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.world.refusals:
            return self.refuse(*self.world.refusals.pop(0))
        if body["metadata"]["name"] in self.world.objects.get(kind, {}):
            return self.refuse(409, "already exists")
        self.world.put(kind, body)
        return self.say(201, body)

    def do_PUT(self):
        kind, name, _ = self.place()
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        there = self.world.objects[kind][name]["metadata"]["resourceVersion"]
        if body["metadata"].get("resourceVersion") != there:
            return self.refuse(409, "the object has been modified")
        self.world.put(kind, body)
        return self.say(200, body)

    def do_DELETE(self):
        kind, name, _ = self.place()
        found = self.world.objects.get(kind, {}).pop(name, None)
        self.world.answering.pop(name, None)
        return self.say(200, found) if found else self.refuse(404, "not found")

    def place(self):
        parts = urlsplit(self.path).path.split("/namespaces/")[1].split("/")
        return parts[1], parts[2] if len(parts) > 2 else None, parts[3] if len(parts) > 3 else None

    def model(self, name):
        version = self.world.answering.get(name)
        return self.say(200, {"name": name, "versions": [version]}) if version else self.refuse(404, "no such model")

    def refuse(self, status, words):
        return self.say(status, {"kind": "Status", "message": words})

    def say(self, status, body):
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        """Stay silent."""
