"""As much of a Kubernetes API as Helm needs to render a chart: it tells which kinds there are, and writes down.

Helm's library can install, but not `template`. It renders, checks that nothing of the same name exists, and then stores a
record of the release that holds everything it rendered. This server takes that record and refuses all that follows.
"""

import base64
import gzip
import json
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KINDS: dict[str, dict[str, str]] = {
    "v1": {
        "ConfigMap": "configmaps",
        "PersistentVolumeClaim": "persistentvolumeclaims",
        "Secret": "secrets",
        "Service": "services",
        "ServiceAccount": "serviceaccounts",
    },
    "apps/v1": {"Deployment": "deployments", "StatefulSet": "statefulsets"},
    "autoscaling/v2": {"HorizontalPodAutoscaler": "horizontalpodautoscalers"},
    "batch/v1": {"Job": "jobs"},
    "keda.sh/v1alpha1": {"ScaledObject": "scaledobjects", "TriggerAuthentication": "triggerauthentications"},
    "monitoring.coreos.com/v1": {
        "PodMonitor": "podmonitors",
        "PrometheusRule": "prometheusrules",
        "ServiceMonitor": "servicemonitors",
    },
    "networking.k8s.io/v1": {"Ingress": "ingresses", "NetworkPolicy": "networkpolicies"},
    "policy/v1": {"PodDisruptionBudget": "poddisruptionbudgets"},
}
"""The kinds that the chart may use: another one fails the check, on purpose."""

VERSION = {"major": "1", "minor": "34", "gitVersion": "v1.34.0"}


PACKED = re.compile(rb"H4sI[A-Za-z0-9+/]+=*")
"""Base64 of gzip: how Helm stores a release, whatever is around it (it is sent as a protocol buffer)."""


class Recorder:
    """What Helm stored."""

    def __init__(self) -> None:
        self.release: dict[str, Any] | None = None

    def take(self, body: bytes) -> bool:
        packed = PACKED.search(body)
        if self.release is not None or packed is None:
            return False
        self.release = json.loads(gzip.decompress(base64.b64decode(packed[0])))
        return True


@contextmanager
def cluster() -> Iterator[tuple[str, Recorder]]:
    """The path of a kubeconfig, and what was recorded."""
    recorder = Recorder()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(recorder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".json") as kubeconfig:
            kubeconfig.write(_kubeconfig(server.server_address[1]))
            kubeconfig.flush()
            yield kubeconfig.name, recorder
    finally:
        server.shutdown()
        server.server_close()


def _kubeconfig(port: int) -> str:
    return json.dumps({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "checks",
        "clusters": [{"name": "checks", "cluster": {"server": f"http://127.0.0.1:{port}"}}],
        "contexts": [{"name": "checks", "context": {"cluster": "checks", "user": "checks"}}],
        "users": [{"name": "checks", "user": {}}],
    })


def _handler(recorder: Recorder) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0].rstrip("/")
            answer = _discovery(path)
            self._answer(200, answer) if answer else self._answer(404, _status(404, "NotFound"))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if recorder.take(body):
                self._send(201, self.headers["content-type"], body)
            else:
                self._answer(403, _status(403, "Forbidden"))

        do_PUT = do_POST
        do_PATCH = do_POST
        do_DELETE = do_POST

        def _answer(self, status: int, document: dict[str, Any]) -> None:
            self._send(status, "application/json", json.dumps(document).encode())

        def _send(self, status: int, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", content_type)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    return Handler


def _status(code: int, reason: str) -> dict[str, Any]:
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code, "message": reason}


def _discovery(path: str) -> dict[str, Any] | None:
    if path == "/version":
        return VERSION
    if path == "/api":
        return {"kind": "APIVersions", "versions": ["v1"]}
    if path == "/apis":
        groups = []
        for group_version in KINDS:
            group, slash, _ = group_version.partition("/")
            if slash:
                version = {"groupVersion": group_version, "version": group_version.split("/")[1]}
                groups.append({"name": group, "versions": [version], "preferredVersion": version})
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
    for group_version, kinds in KINDS.items():
        if path == ("/api/v1" if group_version == "v1" else f"/apis/{group_version}"):
            resources = [
                {"name": name, "kind": kind, "namespaced": True, "verbs": ["create", "get", "patch"]}
                for kind, name in kinds.items()
            ]
            return {"kind": "APIResourceList", "groupVersion": group_version, "resources": resources}
    return None
