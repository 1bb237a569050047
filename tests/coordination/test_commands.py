import pytest
from click.testing import CliRunner
from django.core import mail

from qingshan.cli import main
from qingshan.coordination.models import Alert
from qingshan.people.models import User

from .stuck import bodies, late_node, liaison, ruled

pytestmark = pytest.mark.django_db


def call(*words: str, expected: int = 0) -> str:
    done = CliRunner().invoke(main, ["coordination", *words])
    assert done.exit_code == expected, done.output
    return done.output


def test_a_run_for_a_timer_says_what_it_did_and_does_it_once():
    ruled()
    late_node()
    assert "停滞 1 件；新发提示 1，警示 0，通报（待确认） 0；销号 0" in call("run", "--as-of", "2025-10-09")
    assert "新发提示 0" in call("run", "--as-of", "2025-10-09")
    assert Alert.objects.count() == 1


def test_a_run_without_rules_says_what_is_missing():
    late_node()
    assert "escalation.yaml" in call("run", "--as-of", "2025-10-09", expected=1)


def test_a_digest_counts_whom_it_could_not_write_to(monkeypatch):
    ruled()
    late_node()
    call("run", "--as-of", "2025-10-09")
    water = liaison(bodies()[0])
    User.objects.filter(pk=water.pk).update(email="water@example.org")
    liaison(bodies()[1])
    told = call("digest", "--on", "2025-10-09")
    assert "发出 1 封，无新事项 0 人，没有邮箱 1 人" in told and len(mail.outbox) == 1

    def broken(self, *args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", broken)
    assert "发送失败 1 封" in call("digest", "--on", "2025-10-10", expected=1)


def test_the_programme_is_named_where_there_are_several():
    ruled()
    assert "trial" in call("run", "--programme", "other", expected=1)
