from django.db import models

from qingshan.people.models import User
from qingshan.plan.models import Edition, Measure, Programme, Target


class AnnualList(models.Model):
    """A year's list of a programme. A draft can be edited; an issued one is frozen and changes only by amendments."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        ISSUED = "issued", "已印发"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="annual_lists")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+", help_text="the edition it was made from")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    number = models.CharField(max_length=20, blank=True, help_text="2026-1; empty until issued")
    demonstration = models.BooleanField(default=False, help_text="made and issued by the system for the demonstration")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    issued_on = models.DateField(null=True)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["programme", "-year"]
        constraints = [models.UniqueConstraint(fields=["programme", "year"], name="one_annual_list_per_year")]

    def __str__(self):
        return f"{self.year} 年度任务清单"


class Amendment(models.Model):
    """A change of an issued list, with a number and a reason of its own; a draft until it is issued."""

    annual = models.ForeignKey(AnnualList, models.CASCADE, related_name="amendments")
    ordinal = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20, blank=True)
    why = models.TextField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    issued_on = models.DateField(null=True)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["annual", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["annual", "ordinal"], name="amendment_ordinal_once"),
            models.UniqueConstraint(
                fields=["annual"], condition=models.Q(issued_at__isnull=True), name="one_amendment_at_a_time"
            ),
        ]


class Item(models.Model):
    """One line of a list. It comes from a measure, from a target, or from the office itself."""

    annual = models.ForeignKey(AnnualList, models.CASCADE, related_name="items")
    amendment = models.ForeignKey(Amendment, models.CASCADE, null=True, related_name="added")
    order = models.PositiveIntegerField(help_text="序号, counted through the list")
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="+")
    target = models.ForeignKey(Target, models.PROTECT, null=True, related_name="+")
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="carried_to")
    theme_no = models.PositiveSmallIntegerField(default=0, help_text="0: the plan as a whole")
    theme = models.CharField(max_length=120, blank=True)
    theme_en = models.CharField(max_length=200, blank=True)
    task_no = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    content = models.TextField()
    content_en = models.TextField(blank=True)
    node = models.TextField()
    node_en = models.TextField(blank=True)
    quarter = models.PositiveSmallIntegerField()
    lead_code = models.CharField(max_length=60, blank=True, help_text="code of the leading body; empty: not decided")
    lead_name = models.CharField(max_length=120, blank=True, help_text="as it was called then")
    partners = models.JSONField(default=list, help_text="[[code, name], …] of those who cooperate")
    proposed_code = models.CharField(max_length=60, blank=True)
    proposed_name = models.CharField(max_length=120, blank=True)
    proposed_rule = models.CharField(max_length=12, blank=True)
    reason = models.TextField(blank=True, help_text="why that lead was proposed")
    reason_en = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_why = models.TextField(blank=True, help_text="why another lead than the proposed one")

    class Meta:
        ordering = ["annual", "order"]
        constraints = [
            models.UniqueConstraint(fields=["annual", "measure"], name="a_measure_once_per_annual_list"),
            models.UniqueConstraint(fields=["annual", "target"], name="a_target_once_per_annual_list"),
            models.UniqueConstraint(fields=["annual", "carried_from"], name="carried_once_per_annual_list"),
            models.CheckConstraint(
                condition=models.Q(quarter__gte=1, quarter__lte=4), name="a_node_is_due_in_one_of_four_quarters"
            ),
        ]


class Change(models.Model):
    """What an amendment does to an item: new words for it, its removal, or its return after an earlier one removed it."""

    class Kind(models.TextChoices):
        CHANGE = "change", "修改"
        REMOVE = "remove", "删除"
        RESTORE = "restore", "恢复"

    amendment = models.ForeignKey(Amendment, models.CASCADE, related_name="changes")
    item = models.ForeignKey(Item, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind)
    after = models.JSONField(default=dict, help_text="the fields that differ, with their new values")

    class Meta:
        ordering = ["amendment", "item"]
        constraints = [models.UniqueConstraint(fields=["amendment", "item"], name="an_item_once_per_amendment")]


class Completion(models.Model):
    """The office's word that a node is done, or no longer counts as done. Only added to; the last one counts."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="completions")
    done_on = models.DateField(null=True, help_text="none: not done after all")
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["item", "id"]
