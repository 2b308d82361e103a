"""What every rendered chart must be, beyond being valid: hardened, replaceable, and without a secret in it."""

import ipaddress
import re
from typing import Any

from .report import Report

WORKLOADS = ("Deployment", "StatefulSet", "Job")
NEVER_REACHED = ["10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.169.254", "127.0.0.1", "100.64.1.1", "fd00::1", "fe80::1", "::1"]
REACHED = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]
BODIES_TIMES = 3
"""A body of a request is in memory, as it came and as events, and on its way to NATS."""
BESIDE_BODIES_BYTES = 128 * 1024**2
"""What an api needs beside them, with all of its connections."""


def judge(report: Report, where: str, documents: list[dict[str, Any]]) -> None:
    named = [(document["apiVersion"], document["kind"], document["metadata"]["name"]) for document in documents]
    report.need(len(named) == len(set(named)), f"{where}: two objects of one name")
    report.need(all(document["kind"] != "Secret" for document in documents), f"{where}: the chart makes a Secret")
    labels = []
    for document in documents:
        name = f"{where}: {document['kind']} {document['metadata']['name']}"
        if document["kind"] in WORKLOADS:
            template = document["spec"]["template"]
            labels.append(template["metadata"]["labels"])
            _pod(report, name, template["spec"])
            if document["kind"] == "Deployment":
                _service(report, name, template["spec"])
        if document["kind"] == "NetworkPolicy":
            _policy(report, name, document["spec"])
    for document in documents:
        selector = _selector(document)
        if selector is not None:
            matched = any(selector.items() <= set_of.items() for set_of in labels)
            report.need(matched, f"{where}: {document['kind']} {document['metadata']['name']} selects no pod")


def _selector(document: dict[str, Any]) -> dict[str, str] | None:
    spec = document.get("spec", {})
    if document["kind"] == "Service":
        return spec["selector"]
    if document["kind"] in ("PodDisruptionBudget", "PodMonitor", "Deployment", "StatefulSet"):
        return spec["selector"]["matchLabels"]
    if document["kind"] == "NetworkPolicy":
        return spec["podSelector"]["matchLabels"]
    return None


def _pod(report: Report, name: str, spec: dict[str, Any]) -> None:
    pod = spec["securityContext"]
    report.need(pod["runAsNonRoot"] is True and pod["runAsUser"] > 0, f"{name}: may run as root")
    report.need(pod["seccompProfile"]["type"] == "RuntimeDefault", f"{name}: no seccomp profile")
    report.need(spec["automountServiceAccountToken"] is False, f"{name}: has a token for Kubernetes' API")
    for container in spec["containers"]:
        security = container["securityContext"]
        report.need(security["readOnlyRootFilesystem"] is True, f"{name}: the root file system can be written")
        report.need(security["allowPrivilegeEscalation"] is False, f"{name}: may gain privileges")
        report.need(security["capabilities"] == {"drop": ["ALL"]}, f"{name}: keeps capabilities")
        report.need("requests" in container["resources"], f"{name}: asks for no resources")
        report.need(re.search(r"(:v?\d|@sha256:)", container["image"]), f"{name}: {container['image']} is not pinned")
        mounted = {volume["name"] for volume in spec.get("volumes", [])}
        claimed = {mount["name"] for mount in container.get("volumeMounts", [])} - {"data"}
        report.need(claimed <= mounted, f"{name}: mounts {claimed - mounted}, which is no volume")
        variables = [variable["name"] for variable in container.get("env", [])]
        report.need(len(variables) == len(set(variables)), f"{name}: a variable twice")
        for variable in container.get("env", []):
            secret = re.search(r"MASTER_KEY|ADMIN_KEY|DATABASE_URL|PASSWORD", variable["name"]) and not variable["name"].endswith("_FILE")
            report.need(not secret, f"{name}: {variable['name']} is a variable, not a file")


def _service(report: Report, name: str, spec: dict[str, Any]) -> None:
    (container,) = spec["containers"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        report.need(probe in container, f"{name}: no {probe}")
    report.need(container["livenessProbe"]["httpGet"]["path"] == "/healthz", f"{name}: is killed for what it depends on")
    report.need(container["readinessProbe"]["httpGet"]["path"] == "/readyz", f"{name}: is ready before it can work")
    drain = next(int(v["value"]) for v in container["env"] if v["name"] == "POSTHORN_DRAIN_SECONDS")
    pause = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    report.need(spec["terminationGracePeriodSeconds"] >= drain + pause + 5, f"{name}: is killed while it drains")
    report.need(len(spec["topologySpreadConstraints"]) == 2, f"{name}: is not spread")
    bodies = next((int(v["value"]) for v in container["env"] if v["name"] == "POSTHORN_REQUEST_BODIES_BYTES_MAX"), None)
    limit = container["resources"].get("limits", {}).get("memory")
    if bodies is not None and limit is not None:
        needed = BODIES_TIMES * bodies + BESIDE_BODIES_BYTES
        report.need(_bytes(limit) >= needed, f"{name}: {limit} of memory do not hold the bodies of requests that it may hold")


def _bytes(quantity: str) -> int:
    """A quantity of memory, as Kubernetes writes it."""
    units = {"Ki": 1024, "Mi": 1024**2, "Gi": 1024**3}
    number, unit = re.fullmatch(r"(\d+)([KMG]i)?", quantity).groups()
    return int(number) * units.get(unit, 1)


def _policy(report: Report, name: str, spec: dict[str, Any]) -> None:
    report.need(set(spec["policyTypes"]) == {"Ingress", "Egress"}, f"{name}: leaves a direction open")
    report.need(all(rule.get("ports") for rule in spec["egress"]), f"{name}: a way out without ports")
    blocks = [peer["ipBlock"] for rule in spec["egress"] for peer in rule.get("to", []) if "ipBlock" in peer]
    world = [block for block in blocks if block["cidr"] in ("0.0.0.0/0", "::/0")]
    if "migration" in name:
        report.need(not world, f"{name}: the migration may go out into the internet")
        return
    for address in NEVER_REACHED:
        report.need(not any(_covers(block, address) for block in world), f"{name}: reaches {address}")
    for address in REACHED:
        report.need(any(_covers(block, address) for block in world), f"{name}: does not reach receivers such as {address}")


def _covers(block: dict[str, Any], address: str) -> bool:
    ip = ipaddress.ip_address(address)

    def within(network: str) -> bool:
        parsed = ipaddress.ip_network(network)
        return parsed.version == ip.version and ip in parsed

    return within(block["cidr"]) and not any(within(network) for network in block.get("except", []))
