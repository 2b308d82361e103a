"""`up` that returns once everything runs, and leaves it running."""

import subprocess
import sys
from pathlib import Path

from local_services import owner, places, postgres
from local_services.messages import say
from local_services.waiting import wait_until

COMMAND = Path(__file__).resolve().parents[1] / "run"
UP_SECONDS_MAX = 600
"""With a build of the programs."""
LOG = "run.log"
UP = "Posthorn is up"


def up(instance: str, binaries: Path | None, where: places.Places) -> int:
    """0 once it is up; otherwise what it said is printed."""
    folder = where.folder(instance, owner.of_servers(postgres.data_folder(where.existing(instance))))
    log = folder / LOG
    command: list[str | Path] = [sys.executable, COMMAND, "up", "--instance", instance]
    if binaries:
        command += ["--binaries", binaries.resolve()]
    # Appended: one that runs already goes on writing there.
    with log.open("ab") as out:
        begin = out.tell()
        # In a session of its own, so that it outlives the terminal.
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        ended = wait_until(lambda: process.poll() is not None or UP in _read(log, begin), UP_SECONDS_MAX)
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if ended and process.poll() is None:
        return 0
    process.terminate()
    process.wait()
    say(f"Posthorn did not start:\n{_read(log, begin)}")
    return 1


def _read(log: Path, begin: int) -> str:
    return log.read_bytes()[begin:].decode(errors="replace")
