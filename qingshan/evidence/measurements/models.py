from django.db import models

from qingshan.people.models import User
from qingshan.plan.models import Programme


class KeptMapping(models.Model):
    """How the files of a source are read, as someone of the programme set it; rows name it by its code."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    code = models.SlugField(max_length=80)
    told = models.JSONField(help_text="observations.mapping.Mapping")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="mapping_code_once_per_programme")]


class Delivery(models.Model):
    """A file of measurements on its way into the store: tried first, taken in when its sender says so, whole or not at all.

    The file itself stands under its SHA-256 among the evidence files.
    """

    class State(models.TextChoices):
        CHECKING = "checking", "核对中"
        UNKNOWN = "unknown", "待对照"
        FAULTY = "faulty", "有问题"
        READY = "ready", "可导入"
        KEEPING = "keeping", "导入中"
        KEPT = "kept", "已导入"
        FAILED = "failed", "中断"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    source = models.CharField(
        max_length=80, blank=True, help_text="code of the mapping; empty: recognised by its columns"
    )
    partly = models.BooleanField(default=False, help_text="rows with a fault are left out")
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING)
    outcome = models.JSONField(default=dict, help_text="what stands in the file, and what the store makes of it")
    faults = models.JSONField(default=list, help_text="[line, column, cell, Chinese, English] of each")
    notices = models.JSONField(default=list, help_text="[Chinese, English] of each")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["programme", "-id"], name="deliveries_newest_first")]

    @property
    def running(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.KEEPING)
