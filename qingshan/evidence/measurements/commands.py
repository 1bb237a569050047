"""What the web server starts in a process of its own."""

import os


def work_on(number: int) -> None:
    """Do what is next with the file of that number."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingshan.config.settings")
    import django

    django.setup()
    from .actions import work
    from .models import Delivery

    work(
        by=None, delivery=Delivery.objects.select_related("programme__jurisdiction", "recorded_by__body").get(pk=number)
    )
