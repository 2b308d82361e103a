"""Ports that are chosen before they are opened."""

import subprocess
import sys
import unittest
from unittest import mock

from local_services import ports
from local_services.messages import Failure

from .clone import TOOL

COUNT = 60
FROM_ANOTHER_PROCESS = f"""
import sys
from local_services import ports
ports.FREE_FIRST, ports.FREE_COUNT = {{first}}, {COUNT}
print(*(ports.any_free() for _ in range({COUNT // 3})), flush=True)
sys.stdin.read()
"""


class Ports(unittest.TestCase):
    def test_no_port_is_given_twice(self) -> None:
        first = ports.FREE_FIRST + ports.FREE_COUNT  # where nobody else chooses
        with mock.patch.multiple(ports, FREE_FIRST=first, FREE_COUNT=COUNT):
            other = subprocess.Popen(
                [sys.executable, "-c", FROM_ANOTHER_PROCESS.format(first=first)],
                cwd=TOOL,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            with other:
                assert other.stdout
                given = {int(port) for port in other.stdout.readline().split()}
                self.assertEqual(len(given), COUNT // 3)
                with self.assertRaises(Failure):
                    while True:
                        port = ports.any_free()
                        self.assertNotIn(port, given)
                        given.add(port)
            # What a process was given that has ended is free again.
            self.assertTrue(ports.any_free())
