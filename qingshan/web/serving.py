"""What each process of the server does once it has started; gunicorn reads this file."""


def post_worker_init(worker) -> None:
    from qingshan.web import (
        warming,
    )  # only now: the application is loaded, and threads would not have survived the fork

    warming.begin()
