from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Django's rule, said in Chinese: its own translation lacks this one sentence."""

    def get_error_message(self):
        return _("密码太短，至少 %(least)s 位。") % {"least": self.min_length}
