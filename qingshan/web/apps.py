from django.apps import AppConfig


class Web(AppConfig):
    name = "qingshan.web"

    def ready(self):
        from django.contrib.auth.signals import user_logged_in

        from qingshan.web.sessions import begin

        user_logged_in.connect(begin, dispatch_uid="qingshan.web.sessions.begin")
