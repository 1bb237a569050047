from django.db import models

from qingshan.plan.models import Programme


class Unit(models.Model):
    """How a unit is written in English. A changed spelling is a new row; the newest recorded one is in force."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="units")
    unit = models.CharField(max_length=30)
    unit_en = models.CharField(max_length=30)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["programme", "unit", "id"]


class Metric(models.Model):
    """How one number is computed from evidence (指标). A changed definition is a new row; the newest recorded one is in force."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="metrics")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=30, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    better = models.CharField(max_length=6, help_text="lower or higher")
    formula = models.CharField(max_length=20)
    inputs = models.JSONField(default=dict)
    freshness_months = models.PositiveSmallIntegerField(null=True)
    forecast = models.CharField(max_length=12, default="none")
    basis = models.CharField(max_length=600, blank=True)
    basis_en = models.CharField(max_length=600, blank=True)
    verification = models.CharField(max_length=12, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["programme", "code", "id"]
        indexes = [models.Index(fields=["programme", "code", "recorded_at"])]
