"""What commands about a programme have in common."""

import os

import click

WHICH = click.option("--programme", "code", help="规划代码；只有一个规划时可以不写。")


def programme_named(code: str | None):
    """The programme of that code, or the only one; a sentence where it cannot be told which is meant."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingshan.config.settings")
    import django

    django.setup()
    from qingshan.plan.models import Programme

    known = {one.code: one for one in Programme.objects.select_related("jurisdiction")}
    if code is None and len(known) == 1:
        return next(iter(known.values()))
    if code not in known:
        there = "、".join(sorted(known)) or "（没有）"
        raise click.ClickException(f"请用 --programme 指明规划，现有：{there}。")
    return known[code]
