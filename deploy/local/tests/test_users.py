import os
import pwd
import shutil
import tempfile
import unittest
from pathlib import Path

from local_services.places import Places

from .clients import query
from .clone import Clone


class AnyUser(unittest.TestCase):
    def test_servers_never_run_as_root(self) -> None:
        clone = Clone(self)
        clone.start()
        for pid in clone.pids().values():
            self.assertNotEqual(Path(f"/proc/{pid}").stat().st_uid, 0)


@unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
class Root(unittest.TestCase):
    def test_a_plain_user_needs_no_root(self) -> None:
        clone = Clone(self, user="nobody")
        clone.start()
        self.assertEqual(query(clone.environment(), "SELECT 1"), "1")
        for pid in clone.pids().values():
            self.assertEqual(Path(f"/proc/{pid}").stat().st_uid, pwd.getpwnam("nobody").pw_uid)
        clone.stop()
        self.assertEqual(clone.pids(), {})

    def test_a_clone_that_the_servers_cannot_reach_keeps_its_data_elsewhere(self) -> None:
        private = tempfile.TemporaryDirectory(dir="/var/tmp")
        self.addCleanup(private.cleanup)
        self.assertEqual(Path(private.name).stat().st_mode & 0o077, 0)
        clone = Clone(self, parent=Path(private.name))
        clone.start()
        self.assertEqual(query(clone.environment(), "SELECT 1"), "1")
        data = (clone.local / "dev").readlink()
        self.assertEqual(data.parents[1], Path("/var/tmp"))

        # The system may have tidied up there.
        clone.stop()
        shutil.rmtree(data)
        clone.start()
        self.assertEqual((clone.local / "dev").readlink(), data)

        clone.clean()
        self.assertFalse(data.parent.exists())

    def test_a_guessed_folder_of_somebody_else_is_not_trusted(self) -> None:
        private = tempfile.TemporaryDirectory(dir="/var/tmp")
        self.addCleanup(private.cleanup)
        clone = Clone(self, parent=Path(private.name))
        guessed = Places(clone.local).elsewhere
        guessed.mkdir()
        self.addCleanup(guessed.rmdir)
        os.chown(guessed, pwd.getpwnam("nobody").pw_uid, -1)
        failed = clone.run("start")
        self.assertEqual(failed.returncode, 1)
        self.assertIn("belongs to another user", failed.stderr)
