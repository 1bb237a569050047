"""The examples of docs/api.md, run one after the other with a token that writes."""

import json
import re
from pathlib import Path

import pytest
from django.core.cache import caches
from django.test import Client

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```http\n(\w+) (\S+)\n(?:(\{.*\})\n)?(\d+)\n```", PAGE, re.MULTILINE)


@pytest.mark.django_db
def test_every_example_is_answered_as_the_page_says(world):
    caches["callers"].clear()
    client = Client(headers={"authorization": f"Bearer {world.secrets['write']}"})
    assert len(EXAMPLES) == PAGE.count("```http") > 8
    for method, address, body, status in EXAMPLES:
        address, body = (filled(text, world) for text in (address, body))
        answer = client.generic(method, address, data=body, content_type="application/json")
        assert answer.status_code == int(status), (method, address, answer.content.decode()[:300])
        assert body == "" or json.loads(body)


def filled(text: str, world) -> str:
    for name in ("run", "entry", "report", "line", "alert"):
        text = text.replace("{" + name + "}", str(world.named[name]))
    return text
