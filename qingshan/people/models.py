from django.contrib.auth.models import AbstractUser
from django.db import models


class Jurisdiction(models.Model):
    """A district, city or province that has a plan of its own (辖区)."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, blank=True)

    def __str__(self):
        return self.name


class Body(models.Model):
    """A body that is made responsible by a plan (责任部门)."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="bodies")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=60, help_text="as plans print it: 区生态环境局")
    full_name = models.CharField(max_length=120, blank=True)
    name_en = models.CharField(max_length=160, blank=True)
    aliases = models.JSONField(default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "code"], name="body_code_once_per_jurisdiction"),
            models.UniqueConstraint(fields=["jurisdiction", "name"], name="body_name_once_per_jurisdiction"),
        ]

    def __str__(self):
        return self.name


class Role(models.TextChoices):
    OFFICE = "office", "计划办"
    LIAISON = "liaison", "部门联络员"
    LEADER = "leader", "分管领导"
    AUDITOR = "auditor", "审计"
    ADMIN = "admin", "系统管理"


class User(AbstractUser):
    """A person who signs in. The role says what they may do, the body for whom they speak."""

    role = models.CharField(max_length=12, choices=Role)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, null=True, blank=True)
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True)
    must_change_password = models.BooleanField(
        default=False, help_text="someone else chose the password; nothing opens before its owner has changed it"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role=Role.LIAISON) | models.Q(body__isnull=False), name="a_liaison_has_a_body"
            )
        ]

    def __str__(self):
        return self.first_name or self.username


class AuditLine(models.Model):
    """One write: who did what to which thing, and when. Each line carries the seal of the one before (see audit.py)."""

    at = models.DateTimeField()
    by = models.CharField(max_length=150, help_text="account name; kept as text so that it outlives the account")
    role = models.CharField(max_length=12, blank=True)
    verb = models.CharField(max_length=40)
    thing = models.CharField(max_length=120, help_text="what was written, e.g. plan.edition 3")
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, null=True)
    detail = models.JSONField(default=dict)
    seal = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["jurisdiction", "-id"]), models.Index(fields=["thing"])]


class AuditHead(models.Model):
    """The newest seal. One row; locking it puts writers of the trail in a line."""

    seal = models.CharField(max_length=64)
    lines = models.PositiveBigIntegerField(default=0)
