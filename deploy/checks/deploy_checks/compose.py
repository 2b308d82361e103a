"""docker-compose.yml: the specification's schema, and what we ask for beyond it."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from .report import ROOT, Report

SCHEMA = Path(__file__).resolve().parents[1] / "compose-spec" / "compose-spec.json"
SECRET_NAMES = re.compile(r"PASSWORD|PASS$|SECRET|KEY|TOKEN|DATABASE_URL|NATS_URL")


def check(report: Report) -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    compose = yaml.safe_load(text)
    validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for error in validator.iter_errors(compose):
        report.fault(f"docker-compose.yml: {'.'.join(map(str, error.absolute_path))}: {error.message[:300]}")
    report.checked += 1
    services: dict[str, Any] = compose["services"]
    for name, service in services.items():
        _hardened(report, name, service)
        _references(report, name, service, compose)
    deliverer = services["deliverer"]
    report.need(not {"ports", "container_name", "hostname"} & set(deliverer), "deliverer cannot be scaled: it has a port or a name")
    _profiles(report, services)
    used = {secret for service in services.values() for secret in service.get("secrets", [])}
    report.need(used == set(compose["secrets"]), "secrets that are declared and those that are used differ")
    made = (ROOT / "deploy/compose/secrets").read_text(encoding="utf-8")
    for name, secret in compose["secrets"].items():
        report.need(secret == {"file": f"./secrets/{name}"}, f"the secret {name} is no file in secrets/")
        report.need(f"put {name} " in made, f"deploy/compose/secrets does not make {name}")
    report.need("/secrets" in (ROOT / ".gitignore").read_text(encoding="utf-8").split(), "secrets/ is not ignored by git")


def _hardened(report: Report, name: str, service: dict[str, Any]) -> None:
    report.need(service.get("read_only") is True, f"{name}: the root file system can be written")
    report.need(service.get("cap_drop") == ["ALL"], f"{name}: keeps capabilities")
    report.need("no-new-privileges:true" in service.get("security_opt", []), f"{name}: may gain privileges")
    report.need(not service.get("privileged"), f"{name}: is privileged")
    image = service["image"]
    pinned = re.search(r":v?\d+\.\d+[\w.-]*$", image) or image == "posthorn:${POSTHORN_VERSION:-0.1.0}"
    report.need(pinned, f"{name}: the image {image} is not pinned by version")
    for variable, value in service.get("environment", {}).items():
        innocent = variable.endswith("FILE") or not SECRET_NAMES.search(variable)
        report.need(innocent, f"{name}: {variable} holds a secret ({value!r}); use a file")
    for port in service.get("ports", []):
        report.need("127.0.0.1:" in port, f"{name}: the port {port} is open to the network")


def _references(report: Report, name: str, service: dict[str, Any], compose: dict[str, Any]) -> None:
    for volume in service.get("volumes", []):
        source, _, rest = volume.partition(":")
        if source.startswith("./"):
            report.need((ROOT / source).exists(), f"{name}: {source} does not exist")
            report.need(rest.endswith(":ro"), f"{name}: {source} can be written by the container")
        else:
            report.need(source in compose["volumes"], f"{name}: the volume {source} is not declared")
    for network in service.get("networks", []):
        report.need(network in compose["networks"], f"{name}: the network {network} is not declared")
    for other, how in service.get("depends_on", {}).items():
        target = compose["services"].get(other, {})
        healthy = how["condition"] != "service_healthy" or "healthcheck" in target
        report.need(target and healthy, f"{name}: waits for the health of {other}, which is not checked")


def _profiles(report: Report, services: dict[str, Any]) -> None:
    for name, service in services.items():
        for other in service.get("depends_on", {}):
            fits = set(services[other].get("profiles", [])) <= set(service.get("profiles", []))
            report.need(fits, f"{name}: depends on {other}, which its profile does not start")
    plain = {name for name, service in services.items() if "profiles" not in service}
    report.need(plain == {"api", "deliverer", "nats", "postgres"}, f"without a profile these start: {sorted(plain)}")
