from django.db import models

from qingshan.people.models import Body, Role, User
from qingshan.plan.models import Programme

from .escalating import Level
from .matters import Kind, Matter, matter_of


class Rulebook(models.Model):
    """How a programme escalates, as its folder says. A changed rulebook is a new row; the newest is in force."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rulebooks")
    version = models.PositiveSmallIntegerField()
    rules = models.JSONField(default=list)
    registers = models.JSONField(default=list, help_text="codes of the registers whose late entries are matters")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["programme", "version"]
        constraints = [models.UniqueConstraint(fields=["programme", "version"], name="rulebook_version_once")]


class Alert(models.Model):
    """A matter that reached a level on a day, as it was then. Only added to; what became of it stands in its steps."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="alerts")
    rulebook = models.ForeignKey(Rulebook, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Kind])
    key = models.CharField(max_length=260)
    episode = models.PositiveSmallIntegerField(help_text="counts how often the matter came up anew after it was mended")
    level = models.PositiveSmallIntegerField(choices=[(one.value, one.name.lower()) for one in Level])
    matter = models.JSONField()
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    days_late = models.PositiveSmallIntegerField(help_text="working days")
    raised_on = models.DateField()
    answer_by = models.DateField()
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["programme", "-level", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "key", "episode", "level"], name="a_level_once_per_matter"
            )
        ]

    @property
    def told(self) -> Matter:
        return matter_of(self.matter)

    def step(self, *kinds: str):
        """Its step of one of those kinds, if it was taken."""
        return next((one for one in self.steps.all() if one.kind in kinds), None)

    @property
    def acknowledged(self):
        return self.step(AlertStep.Kind.ACKNOWLEDGED)

    @property
    def settled(self):
        """Whether a circular was issued or withheld, and by whom."""
        return self.step(AlertStep.Kind.ISSUED, AlertStep.Kind.WITHHELD)

    @property
    def closed(self):
        return self.step(AlertStep.Kind.CLOSED)

    @property
    def proposed(self) -> bool:
        """A circular that waits for someone to decide on it."""
        return self.level == Level.CIRCULAR and not self.settled and not self.closed


class AlertStep(models.Model):
    """What became of an alert. Only added to."""

    class Kind(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", "签收"
        ISSUED = "issued", "通报"
        WITHHELD = "withheld", "不予通报"
        CLOSED = "closed", "销号"

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind)
    on = models.DateField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["alert", "id"]
        constraints = [
            models.UniqueConstraint(fields=["alert", "kind"], name="a_step_once_per_alert"),
            models.UniqueConstraint(
                fields=["alert"], condition=models.Q(kind__in=["issued", "withheld"]), name="a_circular_is_settled_once"
            ),
        ]


class Meeting(models.Model):
    """A meeting of the leading group. Once its minutes are signed it is frozen with its agenda and decisions."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="meetings")
    ordinal = models.PositiveSmallIntegerField()
    held_on = models.DateField()
    title = models.CharField(max_length=120)
    place = models.CharField(max_length=120, blank=True)
    chairs = models.CharField(max_length=120, blank=True)
    present = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    simulated = models.BooleanField(default=False)
    prepared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["programme", "-ordinal"]
        constraints = [models.UniqueConstraint(fields=["programme", "ordinal"], name="meeting_ordinal_once")]

    def __str__(self):
        return self.title


class AgendaItem(models.Model):
    """What a meeting is to decide, with the decision that the office proposes."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField()
    matter = models.JSONField(
        default=dict, blank=True, help_text="as it was when put on the agenda; empty: the office's own"
    )
    title = models.CharField(max_length=300)
    proposal = models.TextField(blank=True)
    lead = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    partners = models.JSONField(default=list, blank=True, help_text="codes of bodies")
    due_on = models.DateField(null=True)

    class Meta:
        ordering = ["meeting", "order", "id"]

    @property
    def told(self) -> Matter | None:
        return matter_of(self.matter) if self.matter else None


class Decision(models.Model):
    """What a leader decided on an item of the agenda. An adopted one is an assignment from that moment."""

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", "议定"
        DEFERRED = "deferred", "缓议"
        REJECTED = "rejected", "不予采纳"

    item = models.OneToOneField(AgendaItem, models.CASCADE, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome)
    wording = models.TextField()
    lead = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    partners = models.JSONField(default=list, blank=True, help_text="codes of bodies")
    due_on = models.DateField(null=True)
    on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["item"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(outcome="adopted") | models.Q(lead__isnull=False, due_on__isnull=False),
                name="an_assignment_has_a_lead_and_a_day",
            )
        ]

    @property
    def number(self) -> str:
        return f"{self.item.meeting.ordinal}-{self.item.order}"


class Handling(models.Model):
    """A word on an assignment: reported done with its proof, closed, or given back. Only added to; the last one counts."""

    class Kind(models.TextChoices):
        REPORTED = "reported", "报办结"
        CLOSED = "closed", "销号"
        RETURNED = "returned", "退回"

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="handlings")
    kind = models.CharField(max_length=10, choices=Kind)
    on = models.DateField()
    note = models.TextField()
    file = models.CharField(
        max_length=200, blank=True, help_text="name of the proof; its bytes stand under the SHA-256"
    )
    sha256 = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["decision", "id"]


class Notice(models.Model):
    """A line in the inbox of everyone who holds a role, or speaks for a body."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="notices")
    role = models.CharField(max_length=12, choices=Role)
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, help_text="notice, warning, circular, proposal, assignment, reported …")
    subject = models.JSONField()
    told = models.JSONField()
    address = models.JSONField(help_text="name of the page and its arguments")
    alert = models.ForeignKey(Alert, models.PROTECT, null=True, related_name="+")
    simulated = models.BooleanField(default=False)
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["role", "body"], name="notices_by_reader")]


class Seen(models.Model):
    """That a person has read a notice. Reading is nobody's business but the reader's: no audit line."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="seen")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "notice"], name="a_notice_is_read_once")]


class Preference(models.Model):
    """How a person wants to be written to."""

    user = models.OneToOneField(User, models.CASCADE, related_name="preference")
    language = models.CharField(max_length=10, default="zh-hans")
    by_mail = models.BooleanField(default=True)


class Sent(models.Model):
    """That a person's digest of a day told of a matter."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    on = models.DateField()
    thing = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "on", "thing"], name="told_once_a_day")]
