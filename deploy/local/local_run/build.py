"""The binaries: built here, or brought by the caller."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from local_services.messages import Failure, say
from local_services.places import REPOSITORY

from .processes import run_to_end

BINARIES = ("posthorn-api", "posthorn-deliverer", "posthorn")

PROFILE_VARIABLE = "PROFILE"
PROFILE_DEFAULT = "dev"
"""The profile of the tests: a first build takes minutes instead of the much longer one of `release`."""
PROGRAMS_VARIABLE = "PROGRAMS"
"""A folder with programs that are built already, for whoever cannot pass it as an option."""


def binaries(folder: Path | None) -> dict[str, Path]:
    """Each program by its name: those of the folder, or built here."""
    if folder is None and (brought := os.environ.get(PROGRAMS_VARIABLE)):
        folder = Path(brought)
    found = {name: (folder / name).resolve() for name in BINARIES} if folder else _build()
    missing = [name for name in BINARIES if name not in found or not found[name].is_file()]
    if missing:
        raise Failure(f"no {', '.join(missing)} in {folder}" if folder else f"cargo built no {', '.join(missing)}")
    return found


def _build() -> dict[str, Path]:
    _build_console()
    profile = os.environ.get(PROFILE_VARIABLE) or PROFILE_DEFAULT
    words = "a first build takes some minutes" if profile == PROFILE_DEFAULT else "this can take many minutes"
    say(f"building with cargo, profile {profile} ({words}; {PROFILE_VARIABLE}=release builds for speed)")
    command = [_cargo(), "build", "--workspace", "--bins", "--locked", "--profile", profile]
    # The messages say where the programs are, whatever target folder is configured; people see what they are used to.
    finished = run_to_end(
        [*command, "--message-format=json-render-diagnostics"], cwd=REPOSITORY, stdout=subprocess.PIPE
    )
    if finished.returncode != 0:
        raise Failure("cargo could not build Posthorn; its words stand above")
    built = {}
    for line in finished.stdout.splitlines():
        message = json.loads(line) if line.startswith("{") else {}
        if message.get("reason") == "compiler-artifact" and message.get("executable"):
            built[message["target"]["name"]] = Path(message["executable"])
    return built


def _build_console() -> None:
    """Before the api, which embeds it. Everything else works without: who has no Node.js gets a page that says so."""
    if shutil.which("npm") is None:
        say("npm is not installed: the api is built without the console")
    elif run_to_end([REPOSITORY / "scripts" / "web", "build"]).returncode != 0:
        raise Failure("the console could not be built; its words stand above")


def _cargo() -> str:
    """rustup puts cargo in PATH for login shells only."""
    path = shutil.which("cargo") or shutil.which("cargo", path=str(Path.home() / ".cargo" / "bin"))
    if path is None:
        raise Failure("cargo is not installed: get Rust with rustup, then try again")
    return path
