"""`python -m suite [names of tests]`, with POSTHORN_API_URL, POSTHORN_KEY and POSTHORN_NATS_URL set."""

import sys
import unittest

loader = unittest.TestLoader()
names = sys.argv[1:]
tests = loader.loadTestsFromNames(names) if names else loader.discover("suite", top_level_dir=".")
result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(tests)
failed = len(result.failures) + len(result.errors)
if result.testsRun == 0:
    sys.exit("no test was found")
skipped = len(result.skipped)
print(f"{max(0, result.testsRun - failed - skipped)} passed, {failed} failed, {skipped} skipped")
sys.exit(0 if result.wasSuccessful() else 1)
