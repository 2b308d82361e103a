"""Old and new versions side by side under load: up one by one, and down again.

The first new process applies its migrations while all the old ones work on. An api that is replaced gets no new
connections and drains, as behind any load balancer that asks /readyz; meanwhile its publishers use the other one. So nothing but a connection that could not be made is a reason to publish again.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local_run import build
from local_run.processes import run_to_end
from local_services import postgres
from local_services.messages import Failure, say
from local_services.places import REPOSITORY, Places
from local_services.waiting import wait_until

from .conductor import BEHIND_SECONDS, SETTLED_SECONDS_MAX
from .world import World

OLD_DEFAULT = "1426db125ebaf33f1b78e86f7ce345dc06c2a8b2"
"""Three migrations ago."""
CONNECTION = "connection"
VERSION = "SELECT max(version) FROM _sqlx_migrations"


def old_programs(where: Places, revision: str | None, brought: Path | None) -> dict[str, Path]:
    """Built in a work tree and a target folder of their own."""
    if brought:
        return build.binaries(brought)
    revision = revision or OLD_DEFAULT
    tree = where.base / "old" / revision
    if not tree.exists() and run_to_end(["git", "-C", REPOSITORY, "worktree", "add", "--force", "--detach", tree, revision]).returncode:
        raise Failure(f"{revision} cannot be checked out: is the clone complete (`git fetch --unshallow`)?")
    say(f"building {revision}")
    command = ["cargo", "build", "--bins", "--workspace", "--locked", "--profile", os.environ[build.PROFILE_VARIABLE]]
    target = where.base / "old" / "target"
    if run_to_end(command, cwd=tree, env={**os.environ, "CARGO_TARGET_DIR": str(target)}).returncode:
        raise Failure(f"{revision} cannot be built; cargo's words stand above")
    profile = os.environ[build.PROFILE_VARIABLE]
    return build.binaries(target / {"dev": "debug"}.get(profile, profile))


class Upgrade:
    def __init__(self, world: World, old: dict[str, Path], new: dict[str, Path], rate: int, seconds: float) -> None:
        self.world = world
        self.old = old
        self.new = new
        self.rate = rate
        self.pause = seconds / 14
        self.schemas: list[str] = []

    def conduct(self) -> None:
        self._phase("old alone")
        first_deliverer, *deliverers = self.world.deliverers
        first_api, *apis = self.world.apis
        self._replace("new deliverer beside old", self.new, first_deliverer)
        self._replace("new api beside old", self.new, first_api)
        for replica in (*deliverers, *apis):
            self._replace(f"upgrade {replica.name}", self.new, replica)
        self._phase("new alone")
        for replica in (first_api, first_deliverer, *apis, *deliverers):
            self._replace(f"downgrade {replica.name}", self.old, replica)
        self._phase("old alone again")

    def _replace(self, name: str, programs: dict[str, Path], replica: Any) -> None:
        self.world.load.phase(name)
        say(name)
        if front := self.world.fronts.get(replica.name):
            front.shut()
        replica.stop()
        replica.program = programs[replica.kind]
        replica.start()
        if front:
            front.heal()
        self._settle()

    def _phase(self, name: str) -> None:
        self.world.load.phase(name)
        say(name)
        self._settle()

    def _settle(self) -> None:
        begun = time.monotonic()
        if not wait_until(lambda: self.world.load.behind <= self.rate * BEHIND_SECONDS, SETTLED_SECONDS_MAX):
            raise Failure("the load is still behind")
        time.sleep(max(0.0, self.pause - (time.monotonic() - begun)))
        self.schemas.append(self.world.database.query(VERSION, postgres.APPLICATION))


def mistakes(accounts: dict[str, Any], upgrade: Upgrade) -> Iterator[str]:
    if upgrade.schemas[0] == upgrade.schemas[-1]:
        yield f"no migration was applied: the old version's schema is {upgrade.schemas[0]} as well"
    for phase in accounts["phases"]:
        for kind, count in phase["refusals"].items():
            if kind != CONNECTION:
                yield f"{count} answers of {kind} in the phase “{phase['name']}”"
        if phase["duplicates"]:
            yield f"{phase['duplicates']} requests were made twice in the phase “{phase['name']}”"


def versions(old: dict[str, Path], new: dict[str, Path]) -> str:
    """What the programs say of themselves."""
    first, second = (_version(programs["posthorn-api"]) for programs in (old, new))
    return f"From {first} to {second} and back."


def _version(program: Path) -> str:
    finished = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return finished.stdout.strip()
