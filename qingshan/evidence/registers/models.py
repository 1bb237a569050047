from django.db import models

from qingshan.people.models import Body, User
from qingshan.plan.models import Programme

from .schema import Definition


class Register(models.Model):
    """A register's definition (台账定义). A changed definition is a new row; the newest is in force, and a row of the
    register stays readable under the version it was written with."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="registers")
    code = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField()
    definition = models.JSONField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["programme", "code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code", "version"], name="register_version_once"),
        ]

    def __str__(self):
        return self.definition["name"]["zh"]

    @property
    def schema(self) -> Definition:
        return Definition.model_validate(self.definition)


class Origin(models.TextChoices):
    OFFICIAL = "official", "公开发布"
    REPORTED = "reported", "部门填报"
    SIMULATED = "simulated", "模拟"


class Content(models.Model):
    """What is known of one row."""

    version = models.PositiveSmallIntegerField(help_text="of the definition it was written under")
    data = models.JSONField()
    state = models.SlugField(max_length=60, blank=True)
    reached = models.JSONField(default=dict, help_text="state → day it was reached, of the present path")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    geometry = models.JSONField(null=True, help_text="GeoJSON, where it is more than a point")
    tile = models.CharField(max_length=18, null=True, help_text="smallest tile that holds it, see places.py")
    origin = models.CharField(max_length=10, choices=Origin)
    source = models.CharField(max_length=400, blank=True)
    withdrawn = models.BooleanField(default=False)
    known_on = models.DateField(help_text="when the district could know it")
    effective_on = models.DateField(help_text="since when it is so")

    class Meta:
        abstract = True


class Entry(Content):
    """A row of a register as it stands now (台账条目). All it ever was stands in its revisions."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="entries")
    register = models.SlugField(max_length=60)
    key = models.CharField(max_length=200)
    number = models.PositiveIntegerField(help_text="of the newest revision; an edit must name the one it was made on")

    class Meta:
        ordering = ["programme", "register", "key"]
        constraints = [models.UniqueConstraint(fields=["programme", "register", "key"], name="entry_key_once")]
        indexes = [
            models.Index(fields=["programme", "register", "withdrawn", "state"], name="entries_by_state"),
            models.Index(fields=["programme", "register", "body"], name="entries_by_body"),
            models.Index(fields=["programme", "register", "tile"], name="entries_by_tile"),
        ]

    def __str__(self):
        return self.key


class Revision(Content):
    """One version of an entry: added, never changed."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    register = models.SlugField(max_length=60)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    why = models.CharField(max_length=400, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["entry", "number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="revision_number_once")]
        indexes = [
            models.Index(
                fields=["programme", "register", "entry", "-effective_on", "-id"], name="revisions_newest_first"
            )
        ]


class Tally(models.Model):
    """How many rows of a register stand in a state now, kept in step by whoever writes rows: a million need not be counted."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    register = models.SlugField(max_length=60)
    state = models.SlugField(max_length=60, blank=True)
    rows = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "register", "state"], name="tally_once")]


class Attachment(models.Model):
    """An evidence file of an entry; the file stands under its SHA-256 and is kept once however often it is attached."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="attachments")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    taken_at = models.DateTimeField(null=True, help_text="when a photograph was taken, as the file says")
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["entry", "id"]
        constraints = [models.UniqueConstraint(fields=["entry", "sha256"], name="file_once_per_entry")]


class Redaction(models.Model):
    """That a field which tells of people was emptied in all revisions of an entry, because its time was over: the one change a
    revision ever allows, and only where this stands on record first."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="redactions")
    field = models.CharField(max_length=40)
    due_on = models.DateField()
    why = models.CharField(max_length=400, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["entry", "id"]
