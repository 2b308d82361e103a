"""Where everything lives: `.local/` of the repository, one folder for each instance.

A server that runs as another user must be able to reach its data. Where it cannot (a repository under /root, say),
the folder is made under /var/tmp, in one named after the repository's path, and `.local/` holds a symbolic link to it.
Data that nobody wants to keep lies in memory where there is plenty, linked in the same way: tests make and delete hundreds
of databases of hundreds of files, which costs a file system on a disk an eighth of all the processor that they take.
"""

import contextlib
import hashlib
import os
import shutil
from pathlib import Path

from .messages import Failure
from .owner import Owner

FOLDER_VARIABLE = "POSTHORN_LOCAL_DIR"
REPOSITORY = Path(__file__).resolve().parents[3]
ELSEWHERE = Path("/var/tmp")
MEMORY = Path("/dev/shm")
MEMORY_FREE_BYTES_MIN = 4 * 1024**3
"""What its file system must have free, and twice as much the machine."""

# Others may pass through to what they are given, and list nothing.
PASSABLE = 0o711


class Places:
    def __init__(self, base: Path | None = None) -> None:
        self.base = (base or Path(os.environ.get(FOLDER_VARIABLE) or REPOSITORY / ".local")).resolve()
        digest = hashlib.sha256(os.fsencode(self.base)).hexdigest()[:12]
        self.elsewhere = ELSEWHERE / f"posthorn-{digest}"
        self.memory = MEMORY / f"posthorn-{digest}"

    def existing(self, name: str) -> Path:
        """The folder's real path, which may not exist yet."""
        return (self.base / name).resolve()

    def folder(self, name: str, owner: Owner, *, disposable: bool = False) -> Path:
        """A folder of the caller that `owner` can reach, made if it is missing. What is disposable may end with the machine."""
        _make(self.base)
        link = self.base / name
        if link.is_symlink() and not link.exists():
            link.unlink()
        if not link.exists():
            if disposable and _has_memory():
                _lead(link, self.memory)
            elif not owner.can_enter(self.base):
                _lead(link, self.elsewhere)
        _make(link)
        return link.resolve()

    def wheels_lock(self) -> Path:
        _make(self.base)
        return self.base / "wheels.lock"

    def instance_lock(self, name: str) -> Path:
        _make(self.base)
        return self._instance_lock(name)

    def instances(self) -> list[str]:
        """Every instance that any command has touched."""
        return sorted(path.stem for path in self.base.glob("*.instance"))

    def remove_instance(self, name: str) -> None:
        self._remove(name)
        self._instance_lock(name).unlink(missing_ok=True)

    def remove_rest(self) -> None:
        """Everything that is not an instance's; the folders go only if nobody put anything else there."""
        self._remove("wheels")
        self._remove("debian")
        self.wheels_lock().unlink(missing_ok=True)
        for folder in (self.elsewhere, self.memory, self.base):
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _instance_lock(self, name: str) -> Path:
        return self.base / f"{name}.instance"

    def _remove(self, name: str) -> None:
        link = self.base / name
        if link.exists():
            shutil.rmtree(link.resolve())
        if link.is_symlink():
            link.unlink()


def _lead(link: Path, elsewhere: Path) -> None:
    _make(elsewhere)
    _require_own(elsewhere)
    _make(elsewhere / link.name)
    link.symlink_to(elsewhere / link.name)


def _has_memory() -> bool:
    try:
        free = shutil.disk_usage(MEMORY).free
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        available = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return False  # another system
    return free >= MEMORY_FREE_BYTES_MIN and available >= 2 * MEMORY_FREE_BYTES_MIN


def _make(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(PASSABLE)


def _require_own(folder: Path) -> None:
    """A name in a folder of all users can be guessed: never trust a folder there that somebody else made first."""
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise Failure(f"{folder} belongs to another user: remove it, or set {FOLDER_VARIABLE} to a folder of your own")
