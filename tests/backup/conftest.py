from pathlib import Path

import pytest

from tests.district import SAMPLE

from . import homes


def _filled(where: dict[str, str], archive: Path) -> Path:
    homes.run(where, "demo", "--no-serve", "--folder", str(SAMPLE))
    homes.script(where, homes.FILL)
    said = homes.run(where, "backup", str(archive))
    assert "已写出" in said and "3 个文件" in said
    return archive


@pytest.fixture(scope="session")
def from_sqlite(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("sqlite")
    return _filled(homes.environment(place / "home"), place / "backup.zip")


@pytest.fixture(scope="session")
def from_postgres(tmp_path_factory) -> Path:
    if not homes.ON_POSTGRES:
        pytest.skip("no PostgreSQL server was named in DATABASE_URL")
    place = tmp_path_factory.mktemp("postgres")
    with homes.database() as address:
        return _filled(homes.environment(place / "home", address), place / "backup.zip")
