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

    known = {one.code: one for one in Programme.objects.select_related("jurisdiction", "office")}
    if code is None and len(known) == 1:
        return next(iter(known.values()))
    if code not in known:
        there = "、".join(sorted(known))
        raise click.ClickException(
            f"请用 --programme 指明规划，现有：{there or '（没有）'}。 Name the programme with --programme; there are: {there or 'none'}."
        )
    return known[code]
