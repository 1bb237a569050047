"""What the web server starts in a process of its own."""

import os


def work_on(number: int) -> None:
    """Do what is next with the uploaded file of that number."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingshan.config.settings")
    import django

    django.setup()
    from .actions import work
    from .models import Upload

    work(by=None, upload=Upload.objects.select_related("programme__jurisdiction", "recorded_by__body").get(pk=number))
