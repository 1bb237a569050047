from django.db import models

from qingshan.people.models import User


class Scope(models.TextChoices):
    READ = "read", "只读"
    WRITE = "write", "读写"


class Token(models.Model):
    """What a body's system shows to come in (访问令牌). It acts through an account of its own, so that rights, the names
    beside rows and the audit trail are those of any liaison of the body; only a hash of the token is kept."""

    account = models.OneToOneField(User, models.PROTECT, related_name="token")
    name = models.CharField(max_length=60, help_text="what it is for: 水务平台")
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token")
    expires_on = models.DateField(help_text="the last day it is good for")
    last_used_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["account__body__order", "id"]

    def __str__(self):
        return self.name
