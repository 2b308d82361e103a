"""Commands that run to their end, and stop when we are told to."""

import subprocess
from typing import Any


def run_to_end(command: list[Any], **arguments: Any) -> subprocess.CompletedProcess[str]:
    """Like `subprocess.run`, but a command that is cut short is asked to end and waited for, not killed."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, text=True, **arguments) as process:
        try:
            output, errors = process.communicate()
        except BaseException:
            process.terminate()
            process.wait()
            raise
    return subprocess.CompletedProcess(command, process.returncode, output, errors)
