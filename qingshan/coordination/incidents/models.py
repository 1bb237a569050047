from django.db import models

from qingshan.coordination.models import Meeting
from qingshan.evidence.registers.models import Entry
from qingshan.people.models import Body, User
from qingshan.plan.models import Programme


class Incident(models.Model):
    """An emergency, or a drill of one, at a place. Only closing changes it, and nothing after that."""

    class Kind(models.TextChoices):
        SPILL = "spill", "水体污染"
        GAS = "gas", "气体泄漏"
        FIRE = "fire", "火灾次生污染"
        WASTE = "waste", "危险废物倾倒"
        RADIATION = "radiation", "辐射事件"
        OTHER = "other", "其他"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="incidents")
    ordinal = models.PositiveSmallIntegerField()
    drill = models.BooleanField()
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=120)
    place = models.CharField(max_length=200)
    lon = models.FloatField(help_text="WGS84")
    lat = models.FloatField(help_text="WGS84")
    began_at = models.DateTimeField(help_text="when it happened or was reported")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    simulated = models.BooleanField(default=False)
    summary = models.TextField(blank=True)
    review = models.OneToOneField(
        Meeting, models.PROTECT, null=True, related_name="incident", help_text="what was found and assigned at closing"
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["programme", "-ordinal"]
        constraints = [models.UniqueConstraint(fields=["programme", "ordinal"], name="incident_ordinal_once")]

    def __str__(self):
        return self.title


class Call(models.Model):
    """A resource of a register called out to its body, with its distance and the estimate of then. Only added."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="calls")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    metres = models.PositiveIntegerField(help_text="straight line [m]")
    minutes = models.PositiveIntegerField(help_text="estimated until it is there [min]")
    asked = models.CharField(max_length=300, blank=True)
    called_at = models.DateTimeField()
    called_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["incident", "id"]
        constraints = [models.UniqueConstraint(fields=["incident", "entry"], name="a_resource_is_called_once")]


class Event(models.Model):
    """A line of an incident's course: what happened when, and when it was written down. Only added."""

    class Kind(models.TextChoices):
        OPENED = "opened", "开启"
        CALLED = "called", "调用"
        ACKNOWLEDGED = "acknowledged", "已接报"
        EN_ROUTE = "en_route", "已出发"
        ARRIVED = "arrived", "已到达"
        REFUSED = "refused", "不能前往"
        NOTE = "note", "记事"
        CLOSED = "closed", "结束"

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="events")
    call = models.ForeignKey(Call, models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["incident", "at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "kind"], condition=models.Q(call__isnull=False), name="a_call_takes_a_step_once"
            )
        ]
