"""The same store on storage that speaks S3: a local server, loopback only."""

import socket
from datetime import timedelta

import pytest

from qingshan.observations.appending import Appended, append
from qingshan.observations.rows import LOOSE
from qingshan.observations.settling import settle
from qingshan.observations.store import Store

from .sample import RECEIVED, batch, row
from .test_appending import known

moto = pytest.importorskip("moto.server", reason="moto is not installed")


@pytest.fixture
def store(monkeypatch):
    with socket.socket() as knock:
        knock.bind(("127.0.0.1", 0))
        port = knock.getsockname()[1]
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    options = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true", "AWS_CONDITIONAL_PUT": "etag",
    }  # fmt: skip
    import boto3

    boto3.client("s3", endpoint_url=options["AWS_ENDPOINT_URL"], aws_access_key_id="test", aws_secret_access_key="test",
                 region_name="us-east-1").create_bucket(Bucket="observations")  # fmt: skip
    yield Store("s3://observations/table", options)
    server.stop()


def test_append_correct_and_read(store):
    assert append(store, batch([row(hour) for hour in range(3)]), RECEIVED) == Appended(3, 0, 0, 0)
    assert append(store, batch([row(0), row(1, "5")]), RECEIVED) == Appended(0, 1, 1, 1)
    assert sorted(value for value, _ in known(store).values()) == [1, 1, 5]
    assert settle(store) == 1 and not store.snapshot().files(standing=(LOOSE,))
    append(store, batch([row(2, "7")]), RECEIVED + timedelta(1))
    assert sorted(value for value, _ in known(store).values()) == [1, 5, 7]
    assert sorted(value for value, _ in known(store, RECEIVED).values()) == [1, 1, 1]
    assert sorted(value for value, _ in known(store, RECEIVED + timedelta(hours=1)).values()) == [1, 1, 5]
