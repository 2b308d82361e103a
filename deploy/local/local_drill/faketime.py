"""Debian's libfaketime: a process whose time of day is wrong. What counts seconds (timeouts) still is right."""

from local_services import debian, places


def variables(seconds: int) -> dict[str, str]:
    """For the environment of a process that is to be so many seconds ahead."""
    library = debian.file(places.Places(), "libfaketime", "faketime/libfaketimeMT.so.1")
    return {"LD_PRELOAD": str(library), "FAKETIME": f"{seconds:+d}", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
