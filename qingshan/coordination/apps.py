from django.apps import AppConfig


class Coordination(AppConfig):
    name = "qingshan.coordination"

    def ready(self):
        from qingshan.evaluation.scores.queries import READERS

        from .queries import decisions_due

        READERS["decisions"] = decisions_due
