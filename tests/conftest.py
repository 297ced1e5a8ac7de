"""What every test stands on: test mode, no setting of the person's own, no haste of the machine."""

import atexit
import os
import shutil
import tempfile

from hypothesis import HealthCheck, settings

KEPT = {"HALFTERM_REQUIRE_BROWSER", "HALFTERM_TEST_DATABASE_URL"}

for name in [name for name in os.environ if name.startswith("HALFTERM_") and name not in KEPT]:
    del os.environ[name]  # a developer's own server must never be what the tests write to
os.environ.pop("PORT", None)
os.environ["HALFTERM_MODE"] = "test"
os.environ["HALFTERM_DATA_DIR"] = tempfile.mkdtemp(prefix="halfterm-test-")
atexit.register(shutil.rmtree, os.environ["HALFTERM_DATA_DIR"], ignore_errors=True)

settings.register_profile(
    "halfterm",
    deadline=None,  # two cores under two test workers: a slow example is no fault
    database=None,  # nothing is left in the folder; a failing example is printed to be kept as a test
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("halfterm")
