"""Programs and libraries of Debian's packages, unpacked into the ignored folder: nothing is installed, no root needed."""

import shutil
import subprocess
from pathlib import Path

from .locking import locked
from .messages import Failure, say
from .places import Places

FOLDER = "debian"


def file(where: Places, package: str, path: str) -> Path:
    """The one file of the package whose path ends so."""
    root = unpacked(where, package)
    found = sorted(file for file in root.rglob(Path(path).name) if str(file).endswith(path))
    if not found:
        raise Failure(f"Debian's {package} has no {path}")
    return found[0]


def unpacked(where: Places, package: str) -> Path:
    """The package's files below a folder of its own, fetched at first use."""
    base = where.base / FOLDER
    base.mkdir(parents=True, exist_ok=True)
    base.chmod(0o711)
    root = base / package
    with locked(base / f"{package}.lock"):
        if not root.exists():
            _fetch(package, base, root)
    return root


def _fetch(package: str, base: Path, root: Path) -> None:
    for program in ("apt-get", "dpkg-deb"):
        if shutil.which(program) is None:
            raise Failure(f"{package} comes from Debian's packages, and {program} is missing")
    say(f"fetching Debian's {package}")
    draft = base / f"{package}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    _run(["apt-get", "download", package], draft, f"cannot fetch {package} (`apt-get update` as root may help)")
    archives = list(draft.glob("*.deb"))
    if len(archives) != 1:
        raise Failure(f"apt-get brought {len(archives)} packages for {package}")
    _run(["dpkg-deb", "--extract", archives[0], draft / "files"], draft, f"cannot unpack {package}")
    (draft / "files").rename(root)
    shutil.rmtree(draft)


def _run(command: list[str | Path], folder: Path, failure: str) -> None:
    finished = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        raise Failure(f"{failure}:\n{(finished.stdout + finished.stderr).strip()}")
