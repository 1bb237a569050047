from django.db import models

from qingshan.people.models import Body, Jurisdiction, User


class Programme(models.Model):
    """One action plan of a jurisdiction over its whole life; what it promises stands in its editions."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="programmes")
    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    office = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    about = models.JSONField(
        default=dict, blank=True, help_text="what the programme's folder says of itself: sources, demonstration"
    )

    def __str__(self):
        return self.title


class Edition(models.Model):
    """A document as a plan. A draft can be edited; an adopted edition is frozen; a later one supersedes it."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        ADOPTED = "adopted", "已采用"
        SUPERSEDED = "superseded", "已被替代"
        DISCARDED = "discarded", "已作废"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="editions")
    ordinal = models.PositiveSmallIntegerField(help_text="1, 2, 3 … within the programme")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    number = models.CharField(max_length=120, blank=True)
    issuer = models.CharField(max_length=120, blank=True)
    issued = models.DateField(null=True)
    starts = models.DateField()
    ends = models.DateField()
    origin = models.CharField(max_length=200, help_text="file name, or the programme folder")
    text = models.TextField(
        blank=True, help_text="the document's full text; empty where only the programme's own summary is known"
    )
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file as it came in")
    unread = models.JSONField(default=list, help_text="numbers the reader saw but did not understand")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    adopted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    adopted_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["programme", "-ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "ordinal"], name="edition_ordinal_once"),
            models.UniqueConstraint(
                fields=["programme"], condition=models.Q(state="adopted"), name="one_adopted_edition_per_programme"
            ),
        ]

    def __str__(self):
        return f"{self.title} 第 {self.ordinal} 版"


class Theme(models.Model):
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="themes")
    no = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200, blank=True)
    short = models.CharField(max_length=40, blank=True)
    short_en = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["edition", "no"]
        constraints = [models.UniqueConstraint(fields=["edition", "no"], name="theme_no_once")]


class Task(models.Model):
    """One task of the plan. `start` and `end` are its place in the edition's text [characters]."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="tasks")
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="tasks", null=True)
    no = models.CharField(max_length=20, help_text="as printed: 6, （三）")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    short = models.CharField(max_length=40, blank=True)
    title_en = models.CharField(max_length=300, blank=True)
    short_en = models.CharField(max_length=80, blank=True)
    summary = models.TextField(blank=True, help_text="in the office's own words")
    summary_en = models.TextField(blank=True)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["edition", "order"]
        constraints = [models.UniqueConstraint(fields=["edition", "no"], name="task_no_once")]

    def __str__(self):
        return f"{self.no} {self.title}"


class Involvement(models.Model):
    """A body's part in a task, as the document gives it."""

    class Part(models.TextChoices):
        LEAD = "lead", "牵头"
        COOPERATE = "cooperate", "配合"
        RESPONSIBLE = "responsible", "责任部门"

    task = models.ForeignKey(Task, models.CASCADE, related_name="involvements")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="involvements")
    printed = models.CharField(max_length=120, help_text="the body as the document spells it")
    part = models.CharField(max_length=12, choices=Part, default=Part.RESPONSIBLE)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["task", "order"]
        constraints = [models.UniqueConstraint(fields=["task", "printed"], name="a_body_once_per_task")]


class Measure(models.Model):
    """One thing a task sets out to do; a sentence of the document, or the office's own words for it."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="measures")
    order = models.PositiveSmallIntegerField()
    title = models.TextField()
    title_en = models.TextField(blank=True)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["task", "order"]


class Target(models.Model):
    """A promise with a goal. Official ones come from the document; working ones (工作指标) are the office's own."""

    class Origin(models.TextChoices):
        PLAN = "plan", "规划目标"
        OFFICE = "office", "工作指标"

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="targets")
    task = models.ForeignKey(
        Task, models.CASCADE, null=True, related_name="targets", help_text="none: the plan as a whole"
    )
    code = models.SlugField(max_length=80)
    order = models.PositiveSmallIntegerField()
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.PLAN)
    name = models.CharField(max_length=200, help_text="official wording")
    name_en = models.CharField(max_length=300, blank=True)
    short = models.CharField(max_length=60, blank=True)
    short_en = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=20)
    side = models.CharField(max_length=5, blank=True)
    op = models.CharField(max_length=10, blank=True, help_text="the comparator as read: <=, >=, >, done, decrease …")
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    unit = models.CharField(max_length=30, blank=True)
    starts = models.DateField()
    due = models.DateField()
    binding = models.BooleanField(default=True, help_text="false where the document says 力争")
    implied = models.BooleanField(default=False)
    baseline = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    baseline_on = models.DateField(null=True)
    curve = models.JSONField(default=dict, blank=True)
    metric = models.CharField(max_length=80, blank=True, help_text="code of the metric that serves it")
    note = models.CharField(max_length=600, blank=True)
    note_en = models.CharField(max_length=600, blank=True)
    supports = models.JSONField(default=list, blank=True, help_text="numbers of further tasks that it judges")
    illustrative = models.BooleanField(default=False, help_text="the goal itself was made up for the demonstration")
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["edition", "order"]
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="target_code_once")]

    def __str__(self):
        return self.name
