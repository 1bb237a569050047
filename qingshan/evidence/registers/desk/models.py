from django.db import models

from qingshan.people.models import User
from qingshan.plan.models import Programme


class SavedFilter(models.Model):
    """What someone looks for in a register again and again: the part of the list's address after “?”."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    register = models.SlugField(max_length=60)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["register", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "register", "owner", "name"], name="filter_name_once_per_person"
            )
        ]


class Upload(models.Model):
    """A file of rows on its way into a register: checked first, taken in when its sender says so, whole or not at all.

    The file itself stands under its SHA-256 among the evidence files.
    """

    class State(models.TextChoices):
        CHECKING = "checking", "核对中"
        FAULTY = "faulty", "有问题"
        READY = "ready", "可导入"
        KEEPING = "keeping", "导入中"
        KEPT = "kept", "已导入"
        FAILED = "failed", "中断"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    register = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    known_on = models.DateField()
    why = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING)
    outcome = models.JSONField(default=dict, help_text="how many rows were added, changed, and said nothing new")
    faults = models.JSONField(default=list, help_text="[sheet, cell, value, Chinese, English] of each")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["programme", "register", "-id"], name="uploads_newest_first")]

    @property
    def running(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.KEEPING)
