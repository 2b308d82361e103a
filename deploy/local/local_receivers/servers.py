"""The servers: how each is started, what its version is, how it is reloaded."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from local_services import debian, owner, places, ports, wheels
from local_services.messages import say

from .certificate import Certificate

APPS = Path(__file__).resolve().parent / "apps"


@dataclass(frozen=True)
class Ground:
    """What the servers are started with."""

    where: places.Places
    folder: Path
    certificate: Certificate


@dataclass(frozen=True)
class Server:
    """One server, not started yet."""

    name: str
    command: list[str]
    port: int
    version: str
    idle_seconds: float
    """After which it closes a connection; the bursts are that far apart."""
    https: bool = False
    reload: list[str] | None = None
    """A command that reloads it gracefully, or nothing where SIGHUP does."""
    reloads: bool = False
    drops_new_connections: bool = False
    """Its reload closes connections that were just opened, without an answer. Such an attempt has failed: nobody can know what
    became of its request."""
    variables: dict[str, str] = field(default_factory=dict)
    seen: Path = Path()
    events: int = 1000

    @property
    def url(self) -> str:
        return f"{'https' if self.https else 'http'}://127.0.0.1:{self.port}/hook"


class Running:
    """A server that was started."""

    def __init__(self, server: Server, log: Path) -> None:
        self.server = server
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                server.command,
                env=os.environ | server.variables | {"SEEN": str(server.seen)},
                cwd=APPS,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def reload(self) -> None:
        if self.server.reload is None:
            self.process.send_signal(signal.SIGHUP)
        else:
            subprocess.run(self.server.reload, check=True, capture_output=True)

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def seen(self) -> list[str]:
        return self.server.seen.read_text(encoding="ascii").split() if self.server.seen.exists() else []


def all_of(ground: Ground) -> list[Server]:
    """Every server that this machine can run; what is missing is left out."""
    found = [*_python(ground), *_nginx(ground), *_node(ground), *_php(ground), *_java(ground)]
    for server in found:
        server.seen.unlink(missing_ok=True)
    return found


def _seen(ground: Ground, name: str) -> Path:
    return ground.folder / f"{name.replace(' ', '-').replace('/', '-')}.seen"


def _output(command: list[str | Path]) -> str:
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    return (finished.stdout + finished.stderr).strip()


def _found(program: str) -> str | None:
    path = shutil.which(program)
    if path is None:
        say(f"{program} is not installed: its server is left out")
    return path


def _python(ground: Ground) -> list[Server]:
    programs = wheels.install(ground.where, "receivers", owner.of_servers(ground.folder)) / "bin"
    version = {
        name: _output(
            [programs / "python", "-c", f"import importlib.metadata as m; print(m.version('{name}'))"]
        )
        for name in ("gunicorn", "uvicorn", "hypercorn")
    }
    certificate = ground.certificate

    def one(name: str, port: int, program: str, arguments: list[str], idle: float, **more: object) -> Server:
        return Server(
            name=name,
            command=[str(programs / "python"), "-m", program, *arguments],
            port=port,
            version=version[program],
            idle_seconds=idle,
            seen=_seen(ground, name),
            **more,  # type: ignore[arg-type]
        )

    gunicorn = [
        ("gunicorn, sync", []),
        ("gunicorn, gthread", ["--threads", "4"]),
        ("gunicorn, UvicornWorker", ["-k", "uvicorn_worker.UvicornWorker"]),
    ]
    servers = []
    for name, arguments in gunicorn:
        port = ports.any_free()
        app = "asgi:application" if "Uvicorn" in name else "wsgi:application"
        bind = ["--bind", f"127.0.0.1:{port}", "--workers", "2"]
        drops = "Uvicorn" in name
        command = [*bind, *arguments, app]
        servers.append(one(name, port, "gunicorn", command, 2, reloads=True, drops_new_connections=drops))
    port = ports.any_free()
    arguments = ["--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--no-access-log"]
    servers.append(one("uvicorn", port, "uvicorn", [*arguments, "asgi:application"], 5, reloads=True))
    port = ports.any_free()
    servers.append(one("hypercorn", port, "hypercorn", ["--bind", f"127.0.0.1:{port}", "asgi:application"], 5))
    port = ports.any_free()
    files = ["--certfile", str(certificate.file), "--keyfile", str(certificate.key)]
    arguments = ["--bind", f"127.0.0.1:{port}", *files, "asgi:application"]
    servers.append(one("hypercorn, HTTP/2", port, "hypercorn", arguments, 5, https=True))
    return servers


NGINX = """
daemon off;
master_process on;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    log_format ids '$http_x_webhook_delivery';
    access_log {seen} ids;
    {settings}
    server {{
        listen 127.0.0.1:{port} {listen};
        {certificate}
        location / {{ return 200 ok; }}
    }}
}}
"""


def _nginx(ground: Ground) -> list[Server]:
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        program = str(debian.file(ground.where, "nginx", "sbin/nginx"))
    version = _output([program, "-v"]).rpartition("/")[2]
    kinds = [
        ("nginx", "", False, 75.0, 1000),
        ("nginx, HTTP/2", "", True, 75.0, 1000),
        ("nginx, HTTP/2, keepalive_requests 100", "keepalive_requests 100;", True, 75.0, 3000),
        ("nginx, HTTP/2, keepalive_timeout 1s", "keepalive_timeout 1s;", True, 1.0, 1000),
    ]
    servers = []
    for number, (name, settings, http2, idle, events) in enumerate(kinds):
        folder = ground.folder / f"nginx-{number}"
        folder.mkdir(exist_ok=True)
        port = ports.any_free()
        files = f"ssl_certificate {ground.certificate.file}; ssl_certificate_key {ground.certificate.key};"
        config = folder / "nginx.conf"
        config.write_text(
            NGINX.format(
                folder=folder,
                seen=_seen(ground, name),
                settings=settings,
                port=port,
                listen="ssl http2" if http2 else "",
                certificate=files if http2 else "",
            ),
            encoding="ascii",
        )
        command = [program, "-p", str(folder), "-c", str(config), "-e", f"{folder}/error.log"]
        servers.append(
            Server(
                name=name,
                command=command,
                port=port,
                version=version,
                idle_seconds=idle,
                https=http2,
                reload=[*command, "-s", "reload"],
                reloads=True,
                seen=_seen(ground, name),
                events=events,
            )
        )
    return servers


def _node(ground: Ground) -> list[Server]:
    program = _found("node")
    if program is None:
        return []
    version = _output([program, "--version"]).lstrip("v")
    servers = []
    for name, protocol in (("Node.js, http", "http"), ("Node.js, http2", "http2")):
        port = ports.any_free()
        files = [str(ground.certificate.file), str(ground.certificate.key)]
        command = [program, str(APPS / "node.js"), str(port), protocol, *files]
        servers.append(
            Server(
                name=name,
                command=command,
                port=port,
                version=version,
                idle_seconds=5,
                https=protocol == "http2",
                reloads=True,
                seen=_seen(ground, name),
            )
        )
    return servers


def _php(ground: Ground) -> list[Server]:
    program = _found("php")
    if program is None:
        return []
    port = ports.any_free()
    return [
        Server(
            name="PHP's server",
            command=[program, "-S", f"127.0.0.1:{port}", str(APPS / "receiver.php")],
            port=port,
            version=_output([program, "-r", "echo PHP_VERSION;"]),
            idle_seconds=2,
            seen=_seen(ground, "php"),
        )
    ]


def _java(ground: Ground) -> list[Server]:
    if _found("javac") is None:
        return []
    port = ports.any_free()
    return [
        Server(
            name="JDK's httpserver",
            command=["java", str(APPS / "Receiver.java"), str(port)],
            port=port,
            version=_output(["javac", "-version"]).removeprefix("javac "),
            idle_seconds=30,
            seen=_seen(ground, "java"),
        )
    ]
