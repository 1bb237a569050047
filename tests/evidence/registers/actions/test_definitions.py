import re
from copy import deepcopy

import pytest

from qingshan.evidence.registers.actions import define_register, index_names
from qingshan.evidence.registers.models import Register
from qingshan.evidence.registers.queries import definition_of, register_now
from qingshan.evidence.registers.schema import Definition
from qingshan.people.actions import NotAllowed
from qingshan.people.models import Role
from qingshan.plan.actions import Refused

from ....district import programme
from ..outfalls import DEFINITION, OUTFALLS, added, person


def changed(change):
    told = deepcopy(OUTFALLS)
    change(told)
    return Definition.model_validate(told)


def test_a_changed_definition_is_a_new_version_and_old_rows_stay_readable(register):
    entry = added(register, town="枫镇")
    again = define_register(by=None, programme=register, definition=DEFINITION)
    assert again.version == 1
    wider = changed(lambda d: d["fields"].pop(2))
    assert define_register(by=None, programme=register, definition=wider).version == 2
    assert "town" in definition_of(entry).field and "town" not in register_now(register, "outfalls").field
    assert [one.version for one in Register.objects.all()] == [1, 2]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.update(key=["no", "name"]) or d["fields"][1].update(required=True), "唯一键不能由 no 改为"),
        (lambda d: d["fields"][2].update(type="int"), "类型不能由 text 改为 int"),
        (lambda d: d.update(states=[], transitions=[]), "仍处于状态 found"),
    ],
)
def test_a_definition_under_which_rows_could_not_be_read_is_refused(register, change, words):
    added(register, town="枫镇")
    with pytest.raises(Refused) as refused:
        define_register(by=None, programme=register, definition=changed(change))
    assert words in refused.value.zh and Register.objects.count() == 1


def indexes() -> set[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, "registers_entry")
    return {one for one in there if re.match("entries_[0-9a-f]{10}_", one)}


def test_indexes_follow_the_definition(register):
    assert indexes() == set(index_names(DEFINITION))
    other = changed(lambda d: d["fields"][2].update(filterable=False))
    define_register(by=None, programme=register, definition=other)
    assert indexes() == set(index_names(other)) and len(indexes()) == len(index_names(DEFINITION)) - 1


def test_programmes_share_the_indexes_of_a_register_and_none_takes_away_what_another_needs(register):
    neighbour = programme("neighbour")
    define_register(by=None, programme=neighbour, definition=DEFINITION)
    assert indexes() == set(index_names(DEFINITION))
    without = changed(lambda d: d["fields"][2].update(filterable=False))
    define_register(by=None, programme=neighbour, definition=without)
    assert indexes() == {*index_names(DEFINITION), *index_names(without)}


def test_a_liaison_defines_no_register(register):
    with pytest.raises(NotAllowed):
        define_register(by=person(register, Role.LIAISON, "water"), programme=register, definition=DEFINITION)
