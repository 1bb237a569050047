from django.db import models

from qingshan.evidence.figures.models import Figure, Item
from qingshan.people.models import Body, User
from qingshan.plan.models import Programme


class Schedule(models.Model):
    """Which rounds a programme holds, by what rules of days. A changed schedule is a new row; the newest is in force."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="schedules")
    kinds = models.JSONField(help_text="as in the programme's reporting.yaml")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["programme", "id"]


class Round(models.Model):
    """One call for reports (填报轮次), with its days worked out when it was opened."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rounds")
    kind = models.SlugField(max_length=60)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True)
    period = models.CharField(max_length=10, help_text="2026-07, 2026-Q3 or 2026-H2")
    starts = models.DateField()
    ends = models.DateField()
    calendar = models.CharField(max_length=2, help_text="country whose working days count")
    opens_on = models.DateField()
    due_on = models.DateField()
    locks_on = models.DateField(help_text="last day on which a report can be handed in without the office's leave")
    mend_days = models.PositiveSmallIntegerField(help_text="working days to mend a report that was sent back")
    provisional = models.BooleanField(default=False, help_text="a day rests on holidays not yet published")
    simulated = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["programme", "-ends", "kind"]
        constraints = [models.UniqueConstraint(fields=["programme", "kind", "period"], name="round_once_per_period")]

    def __str__(self):
        return f"{self.period} {self.name}"


class Report(models.Model):
    """What one body owes in one round."""

    class State(models.TextChoices):
        DRAFT = "draft", "待报"
        SUBMITTED = "submitted", "已报"
        RETURNED = "returned", "退回"
        ACCEPTED = "accepted", "已接受"

    round = models.ForeignKey(Round, models.PROTECT, related_name="reports")
    body = models.ForeignKey(Body, models.PROTECT, related_name="reports")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    open_until = models.DateField(null=True, help_text="leave of the office to hand in after the lock day")

    class Meta:
        ordering = ["round", "body__order", "body__code"]
        constraints = [models.UniqueConstraint(fields=["round", "body"], name="report_once_per_round_and_body")]

    def __str__(self):
        return f"{self.round} · {self.body}"


class Line(models.Model):
    """One thing asked of a body, with its answer as it stands in the draft."""

    class Kind(models.TextChoices):
        VALUE = "value", "数值"
        ITEM = "item", "事项"
        NODE = "node", "清单节点"
        MEASURE = "measure", "举措"
        TASK = "task", "任务"
        REGISTER = "register", "台账"

    class Form(models.TextChoices):
        VALUE = "value", "数值"
        PERCENT = "percent", "完成百分比"
        FINISHED = "finished", "是否完成"
        CONFIRMED = "confirmed", "是否属实"
        WORDS = "words", "文字"

    report = models.ForeignKey(Report, models.PROTECT, related_name="lines")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=200, help_text="value:series@2026-Q3, node:12 …, the same in every round")
    kind = models.CharField(max_length=10, choices=Kind)
    form = models.CharField(max_length=10, choices=Form)
    asked = models.JSONField(help_text="what is asked, in words, with unit, series and limits")
    known = models.JSONField(default=dict, help_text="what the system knew when the round was opened")
    claim = models.DecimalField(max_digits=20, decimal_places=6, null=True, help_text="yes is 1, no is 0")
    progress = models.TextField(blank=True)
    obstacle = models.TextField(blank=True)
    entries = models.JSONField(default=list, help_text="[[register, key], …] named as evidence")
    number = models.PositiveIntegerField(default=1, help_text="a change must name the one it was made on")
    edited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True, help_text="the office's word on why this line was sent back")
    accepted_on = models.DateField(null=True)

    class Meta:
        ordering = ["report", "order"]
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="line_once_per_report")]


class File(models.Model):
    """An evidence file of a line; it stands under its SHA-256, and stays on disk once it was handed in."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["line", "id"]
        constraints = [models.UniqueConstraint(fields=["line", "sha256"], name="file_once_per_line")]


class Version(models.Model):
    """What was handed in: all answers as they stood. Added, never changed."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["report", "number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="version_number_once")]


class Step(models.Model):
    """One step of a report: who did what, when, and why. Added, never changed."""

    class Verb(models.TextChoices):
        SUBMIT = "submit", "报送"
        RETURN = "return", "退回"
        ACCEPT_LINES = "accept_lines", "接受部分"
        ACCEPT = "accept", "接受"
        REOPEN = "reopen", "重新开放"

    report = models.ForeignKey(Report, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12, choices=Verb)
    day = models.DateField(help_text="the day it counts for, held against due days")
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")
    why = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["report", "id"]
        indexes = [models.Index(fields=["report", "verb", "day"])]


class Entered(models.Model):
    """The way back from a figure or an item to the line it was accepted from. Added, never changed."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    line = models.ForeignKey(Line, models.PROTECT, related_name="entered")
    figure = models.ForeignKey(Figure, models.PROTECT, null=True, related_name="entered_from")
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="entered_from")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
