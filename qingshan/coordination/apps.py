from django.apps import AppConfig


class Coordination(AppConfig):
    name = "qingshan.coordination"
    scored = {"decisions": "qingshan.coordination.queries.decisions_due"}
