from django.db import models

from qingshan.evaluation.models import Run
from qingshan.people.models import Body, User
from qingshan.plan.models import Programme

from .rules import Scoring


class Rules(models.Model):
    """An edition of a programme's scoring rules (评分规则). A changed one is a later row; a sheet names the row it was made by."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="scoring")
    version = models.CharField(max_length=20)
    since = models.DateField(help_text="for sheets whose period begins on this day or later")
    definition = models.JSONField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["programme", "since", "id"]

    def __str__(self):
        return self.version

    @property
    def scoring(self) -> Scoring:
        return Scoring.model_validate(self.definition)


class Sheet(models.Model):
    """The scores of a period (评分表). Published, its lines stay; signed, all of it stays: the database itself refuses.

    `record` is its whole content as canonical JSON: rules, lines, and what they came to. Objections that were upheld
    change what it comes to until it is signed.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "征求异议"
        FINAL = "final", "已定稿"
        WITHDRAWN = "withdrawn", "已撤回"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="score_sheets")
    run = models.ForeignKey(Run, models.PROTECT, related_name="+")
    rules = models.ForeignKey(Rules, models.PROTECT, related_name="+")
    period = models.CharField(max_length=10, help_text="2025-H1, 2025")
    since = models.DateField()
    until = models.DateField()
    as_of = models.DateField(help_text="the day everything is judged on: the run's")
    cutoff = models.DateTimeField(help_text="nothing recorded later was read")
    code_version = models.CharField(max_length=80)
    record = models.TextField(help_text="canonical JSON")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the record")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    demonstration = models.BooleanField(
        default=False, help_text="made and published by the system for the demonstration"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    published_on = models.DateField(null=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    open_until = models.DateField(null=True, help_text="the last day for objections")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["programme", "-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "period"],
                condition=~models.Q(state="withdrawn"),
                name="one_standing_sheet_per_period",
            )
        ]

    def __str__(self):
        return f"{self.period} 评分表"


class Objection(models.Model):
    """A body's objection (异议) to one line of its own. Only ever added; what the office decided stands in its answer."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="objections")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    line = models.CharField(max_length=200, help_text="key of the line: criterion and matter")
    reason = models.TextField()
    evidence = models.TextField(blank=True, help_text="what proves it: document, number, date")
    made_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["sheet", "id"]
        constraints = [models.UniqueConstraint(fields=["sheet", "body", "line"], name="one_objection_to_a_line")]


class Answer(models.Model):
    """The office's answer: upheld, and the line no longer counts, or rejected; either with its reason."""

    objection = models.OneToOneField(Objection, models.PROTECT, related_name="answer")
    upheld = models.BooleanField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")


class Consent(models.Model):
    """A body's word that it has no (further) objection (确认无异议). With everyone's the window need not be waited out."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="consents")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["sheet", "id"]
        constraints = [models.UniqueConstraint(fields=["sheet", "body"], name="one_consent_per_body")]
