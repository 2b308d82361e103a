"""The commands."""

import argparse
import contextlib
import os
import shlex
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from local_services import daemon, owner, places, postgres, settings
from local_services.messages import Failure, say

from . import background, build, claim, demo, service, stack, watch, words

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Told(BaseException):
    """A signal asked us to stop. Like KeyboardInterrupt, no handler of errors may swallow it."""


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    try:
        return options.run(options, places.Places()) or 0
    except Failure as failure:
        say(str(failure))
    except PermissionError as error:
        say(f"{error.strerror}: {error.filename}; does it belong to another user?")
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    return 1


def _up(options: argparse.Namespace, where: places.Places) -> int:
    if options.background:
        return background.up(options.instance, options.binaries, where)
    config = settings.of(options.instance)
    folder = where.folder(config.instance, owner.of_servers(postgres.data_folder(where.existing(config.instance))))
    is_up = False
    with claim.claimed(folder, config.instance), _signals(folder):
        try:
            programs = build.binaries(options.binaries)
            where.instance_lock(config.instance).touch()  # `stop --all` and `clean --all` find it by this
            with stack.running(config, folder, programs) as up:
                watcher = watch.Watcher(up.daemons())
                try:
                    with demo.shown(up) if _wants_demo() else contextlib.nullcontext(), contextlib.ExitStack() as first:
                        # The sample's receiver outlives the services, which may still have something for it.
                        first.callback(stack.stop_services, folder)
                        print(words.banner(up), flush=True)
                        is_up = True
                        watcher.watch()
                finally:
                    watcher.show_errors()
        except Told as told:
            return 0 if is_up else 128 + told.args[0]
    return 1


def _wants_demo() -> bool:
    return os.environ.get("DEMO", "1") not in ("0", "false", "no")


@contextlib.contextmanager
def _signals(folder: Path) -> Iterator[None]:
    """The first signal begins an orderly stop; a further one tells the services to stop at once."""

    def hurry(number: int, frame: FrameType | None) -> None:
        for name in (service.API, service.DELIVERER):
            if running := daemon.find(service.daemon(name, folder)):
                os.kill(running.pid, signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        for one in STOP_SIGNALS:
            signal.signal(one, hurry)
        print(flush=True)  # after the terminal's ^C
        say("stopping")
        raise Told(number)

    before = {one: signal.signal(one, stop) for one in STOP_SIGNALS}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _stop(options: argparse.Namespace, where: places.Places) -> None:
    for name in where.instances() if options.all else [settings.of(options.instance).instance]:
        folder = where.existing(name)
        claim.end_holder(folder)
        stack.stop_services(folder)


def _env(options: argparse.Namespace, where: places.Places) -> int:
    up = stack.find(settings.of(options.instance).instance, where.existing(options.instance))
    if up is None:
        say(f"Posthorn does not run here (instance {options.instance}); `make run` starts it")
        return 3
    for variable, value in up.client_variables().items():
        print(f"{variable}={shlex.quote(value)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run", description="Posthorn on this machine: servers, services, a demonstration."
    )
    one = argparse.ArgumentParser(add_help=False)
    one.add_argument("--instance", default=settings.DEV, metavar="NAME", help="dev (default) or any other name")
    several = argparse.ArgumentParser(add_help=False, parents=[one])
    several.add_argument("--all", action="store_true", help="every instance")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    up = commands.add_parser("up", parents=[one], help="build and run everything (what `make run` does)")
    up.add_argument("--binaries", type=Path, metavar="FOLDER", help="programs that are built already")
    up.add_argument("--background", action="store_true", help="return once it is up; `stop` ends it")
    up.set_defaults(run=_up)
    commands.add_parser("stop", parents=[several], help="end what `up` started").set_defaults(run=_stop)
    commands.add_parser("env", parents=[one], help="print KEY=VALUE lines for clients").set_defaults(run=_env)
    return parser
