from django.db import models

from qingshan.people.models import User
from qingshan.plan.models import Edition, Programme


class Run(models.Model):
    """One evaluation of a plan on one day. The record is its whole content; the columns beside it only find it.

    A signed run is immutable: the database itself refuses to change or delete it (see the migration what_stays).
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="runs")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="runs")
    as_of = models.DateField(help_text="the day judged")
    cutoff = models.DateTimeField(help_text="nothing recorded later was read")
    code_version = models.CharField(max_length=80)
    record = models.TextField(help_text="canonical JSON")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the record")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["programme", "-id"]
        indexes = [models.Index(fields=["programme", "as_of"])]
