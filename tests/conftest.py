import gc
import os
import tempfile
from pathlib import Path

import django
import pytest
from hypothesis import HealthCheck, settings

# Tests never touch the home folder of a running Qingshan: the settings are read only now, after this.
os.environ["QINGSHAN_HOME"] = tempfile.mkdtemp(prefix="qingshan-tests-")
os.environ.pop("QINGSHAN_OBSERVATIONS", None)
os.environ.setdefault("QINGSHAN_SHARED", str(Path(__file__).resolve().parents[2] / "shared"))
os.environ["DJANGO_SETTINGS_MODULE"] = "qingshan.config.settings"
django.setup()

# Properties are tried on the same examples each time; HYPOTHESIS_PROFILE=search looks for new ones. How fast a machine is says
# nothing about the code.
whenever = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", whenever, derandomize=True)
settings.register_profile("search", whenever)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: it need not be looked through for rubbish again and again."""
    gc.freeze()


@pytest.fixture(scope="module")
def loaded_jinshan(django_db_setup, django_db_blocker, tmp_path_factory):
    """The programme of the demonstration, loaded but never evaluated."""
    from . import once

    with once.standing(django_db_blocker, tmp_path_factory, once.loaded_jinshan) as made:
        yield made


@pytest.fixture(scope="module")
def jinshan(django_db_setup, django_db_blocker, tmp_path_factory):
    """The programme of the demonstration with its two evaluations."""
    from . import once

    with once.standing(django_db_blocker, tmp_path_factory, once.judged_jinshan) as made:
        yield made
