from django.db import models

from qingshan.people.models import User
from qingshan.plan.models import Programme


class Series(models.Model):
    """A run of figures of one kind. A changed definition is a new row; the newest recorded one is in force."""

    class Origin(models.TextChoices):
        OFFICIAL = "official", "公开发布"
        REPORTED = "reported", "部门填报"
        SIMULATED = "simulated", "模拟"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="series")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=30, blank=True)
    frequency = models.CharField(max_length=8)
    origin = models.CharField(max_length=10, choices=Origin)
    source = models.JSONField(default=dict, help_text="publisher, title, address, licence")
    body = models.CharField(max_length=60, null=True, blank=True, help_text="code of the body that states it")
    least = models.DecimalField(
        max_digits=20, decimal_places=6, null=True, blank=True, help_text="below it a value is a mistake"
    )
    most = models.DecimalField(
        max_digits=20, decimal_places=6, null=True, blank=True, help_text="above it a value is a mistake"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["programme", "code", "id"]
        indexes = [models.Index(fields=["programme", "code", "recorded_at"])]


class Figure(models.Model):
    """One stated number. A correction is a later row for the same period; nothing is updated."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="figures")
    series = models.SlugField(max_length=80)
    period = models.CharField(max_length=10, help_text="2025-09, 2025-Q3, 2025 or 2025-09-30")
    ends = models.DateField(help_text="last day of the period")
    value = models.DecimalField(max_digits=20, decimal_places=6)
    source = models.CharField(
        max_length=400, blank=True, help_text="where this number stands: document and address, or file and row"
    )
    known_on = models.DateField(help_text="when the district could know it: published, reported")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True)

    class Meta:
        ordering = ["programme", "series", "ends", "id"]
        indexes = [models.Index(fields=["programme", "series", "ends"])]


class Item(models.Model):
    """One counted thing with its planned and its real completion; a later row of the same key replaces it in later reads."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="items")
    series = models.SlugField(max_length=80)
    key = models.CharField(max_length=80)
    planned_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    value = models.DecimalField(
        max_digits=20, decimal_places=6, default=1, help_text="how much it counts for, in the series' unit"
    )
    source = models.CharField(max_length=400, blank=True)
    known_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True)

    class Meta:
        ordering = ["programme", "series", "key", "id"]
        indexes = [models.Index(fields=["programme", "series", "key"])]
