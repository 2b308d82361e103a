"""The commands."""

import argparse
import contextlib
import shlex
import signal
import sys

from . import binaries, daemon, nats, owner, pgbouncer, places, ports, postgres, settings
from .locking import locked
from .messages import Failure, say

EXIT_NOT_RUNNING = 3
"""What service scripts of Unix answer to `status` when nothing runs."""


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    # As an exception, so that a start that is cut short ends what it began.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        return options.run(options, places.Places()) or 0
    except Failure as failure:
        say(str(failure))
    except PermissionError as error:
        say(f"{error.strerror}: {error.filename}; does it belong to another user?")
    except KeyboardInterrupt:
        say("interrupted")
        return 128 + signal.SIGINT
    return 1


def _start(options: argparse.Namespace, where: places.Places) -> None:
    config = settings.of(options.instance)
    with locked(where.instance_lock(config.instance)):
        servers_owner = owner.of_servers(postgres.data_folder(where.existing(config.instance)))
        folder = where.folder(config.instance, servers_owner, disposable=config.disposable)
        pg_running, nats_running = daemon.find(postgres.daemon(folder)), daemon.find(nats.daemon(folder))
        # Both programs before anything starts: finding one can mean a download.
        pg_program = (
            pg_running.program if pg_running else binaries.postgres(where, servers_owner, postgres.data_version(folder))
        )
        nats_program = nats_running.program if nats_running else binaries.nats_server(where, servers_owner)
        if config.disposable:
            pgbouncer.fetch(where)
        pg = postgres.Postgres(folder, config, servers_owner, pg_program)
        with contextlib.ExitStack() as undo:
            pg.make_database(_ensure(pg, pg_running, undo).port)
            _ensure(nats.Nats(folder, config, servers_owner, nats_program), nats_running, undo)
            undo.pop_all()


def _ensure(server: daemon.Server, running: daemon.Running | None, undo: contextlib.ExitStack) -> daemon.Running:
    if running:
        daemon.confirm(server, running)
        return running
    started = daemon.start(server)
    undo.callback(daemon.stop, server.daemon)
    return started


def _stop(options: argparse.Namespace, where: places.Places) -> None:
    for name in _chosen(options, where):
        with locked(where.instance_lock(name)):
            _stop_servers(where, name)


def _stop_servers(where: places.Places, name: str) -> None:
    servers = _daemons(where, name)
    if not any(daemon.find(server) for server in servers):
        say(f"nothing of {name} runs")
    for server in reversed(servers):
        daemon.stop(server)


def _status(options: argparse.Namespace, where: places.Places) -> int:
    lines, everything_runs = [], True
    for name in _chosen(options, where):
        for server in _daemons(where, name):
            running = daemon.find(server)
            everything_runs &= running is not None
            state = f"{ports.LOOPBACK}:{running.port}, pid {running.pid}, {running.program}" if running else "stopped"
            lines.append(f"{name:8} {server.name:12} {state}")
    print("\n".join(lines))
    return 0 if everything_runs else EXIT_NOT_RUNNING


def _env(options: argparse.Namespace, where: places.Places) -> int:
    config = settings.of(options.instance)
    folder = where.existing(config.instance)
    pg, bus = daemon.find(postgres.daemon(folder)), daemon.find(nats.daemon(folder))
    if pg is None or bus is None:
        say(f"{config.instance} does not run; start it with: deploy/local/services start --instance {config.instance}")
        return EXIT_NOT_RUNNING
    variables = {
        "POSTHORN_NATS_URL": nats.url(bus.port),
        "POSTHORN_DATABASE_URL": postgres.url(folder, postgres.APPLICATION, postgres.APPLICATION, pg.port),
        "POSTHORN_TEST_DATABASE_URL": postgres.url(folder, postgres.SUPERUSER, postgres.MAINTENANCE_DATABASE, pg.port),
        "POSTHORN_TEST_NATS_SERVER": str(bus.program),
        "POSTHORN_TEST_PG_BIN": str(pg.program.parent),
    }
    if pooler := pgbouncer.program(where):
        variables["POSTHORN_TEST_PGBOUNCER"] = str(pooler)
    for variable, value in variables.items():
        print(f"{variable}={shlex.quote(value)}")
    return 0


def _clean(options: argparse.Namespace, where: places.Places) -> None:
    for name in _chosen(options, where):
        with locked(where.instance_lock(name)):
            _stop_servers(where, name)
            where.remove_instance(name)
    if options.all:
        where.remove_rest()


def _daemons(where: places.Places, name: str) -> list[daemon.Daemon]:
    folder = where.existing(name)
    return [postgres.daemon(folder), nats.daemon(folder)]


def _chosen(options: argparse.Namespace, where: places.Places) -> list[str]:
    return where.instances() if options.all else [settings.of(options.instance).instance]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="services", description="PostgreSQL and nats-server for development and tests, without Docker."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    one = argparse.ArgumentParser(add_help=False)
    one.add_argument("--instance", default=settings.DEV, metavar="NAME", help="dev (default), test, or any other name")
    several = argparse.ArgumentParser(add_help=False, parents=[one])
    several.add_argument("--all", action="store_true", help="every instance")
    for name, run, parent, words in (
        ("start", _start, one, "start what does not run yet, and wait until it answers"),
        ("stop", _stop, several, "stop the servers and keep their data"),
        ("status", _status, several, "what runs where; exit code 3 if anything is stopped"),
        ("env", _env, one, "print KEY=VALUE lines for a shell or a test"),
        ("clean", _clean, several, "stop the servers and delete their data; with --all the downloaded servers too"),
    ):
        commands.add_parser(name, parents=[parent], help=words, description=words).set_defaults(run=run)
    return parser
