"""Helm's library, called as C."""

import ctypes
import json
from pathlib import Path
from typing import Any


class HelmError(Exception):
    """What Helm says is wrong."""


class Library:
    def __init__(self, path: Path) -> None:
        self.functions = ctypes.CDLL(str(path))
        self.functions.helm_sdkpy_last_error.restype = ctypes.c_char_p

    def configuration(self, kubeconfig: str, namespace: str) -> "Configuration":
        handle = ctypes.c_ulonglong()
        self.check(
            self.functions.helm_sdkpy_config_create(
                namespace.encode(), kubeconfig.encode(), None, b"{}", ctypes.byref(handle)
            )
        )
        return Configuration(self, handle)

    def check(self, code: int) -> None:
        if code != 0:
            raise HelmError((self.functions.helm_sdkpy_last_error() or b"unknown").decode())


class Configuration:
    def __init__(self, library: Library, handle: ctypes.c_ulonglong) -> None:
        self.library = library
        self.handle = handle

    def lint(self, chart: Path) -> dict[str, Any]:
        result = ctypes.c_char_p()
        function = self.library.functions.helm_sdkpy_lint
        self.library.check(function(self.handle, str(chart).encode(), ctypes.byref(result)))
        return json.loads(result.value or b"{}")

    def install(self, release: str, chart: Path, values: dict[str, Any]) -> None:
        options = {"wait": False, "timeout_seconds": 20, "disable_openapi_validation": True, "server_side_apply": "false"}
        result = ctypes.c_char_p()
        self.library.check(
            self.library.functions.helm_sdkpy_install(
                self.handle,
                release.encode(),
                str(chart).encode(),
                json.dumps(values).encode(),
                None,
                json.dumps(options).encode(),
                ctypes.byref(result),
            )
        )
