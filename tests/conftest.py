import os
import tempfile
from pathlib import Path

import django
from hypothesis import settings

# Tests never touch the home folder of a running Qingshan: the settings are read only now, after this.
os.environ["QINGSHAN_HOME"] = tempfile.mkdtemp(prefix="qingshan-tests-")
os.environ.pop("QINGSHAN_OBSERVATIONS", None)
os.environ.setdefault("QINGSHAN_SHARED", str(Path(__file__).resolve().parents[2] / "shared"))
os.environ["DJANGO_SETTINGS_MODULE"] = "qingshan.config.settings"
django.setup()

# Properties are tried on the same examples each time; HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("repeatable", derandomize=True)
settings.register_profile("search")
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
