import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('annual', '0001_initial'), ('annual', '0002_issued_lists_are_frozen'), ('annual', '0003_an_item_may_return')]

    initial = True

    dependencies = [
        ('people', '__first__'),
        ('plan', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnnualList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('draft', '草稿'), ('issued', '已印发')], default='draft', max_length=10)),
                ('number', models.CharField(blank=True, help_text='2026-1; empty until issued', max_length=20)),
                ('demonstration', models.BooleanField(default=False, help_text='made and issued by the system for the demonstration')),
                ('created_at', models.DateTimeField()),
                ('issued_on', models.DateField(null=True)),
                ('issued_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(help_text='the edition it was made from', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plan.edition')),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='annual_lists', to='plan.programme')),
            ],
            options={
                'ordering': ['programme', '-year'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'year'), name='one_annual_list_per_year')],
            },
        ),
        migrations.CreateModel(
            name='Amendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.PositiveSmallIntegerField()),
                ('number', models.CharField(blank=True, max_length=20)),
                ('why', models.TextField()),
                ('created_at', models.DateTimeField()),
                ('issued_on', models.DateField(null=True)),
                ('issued_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('annual', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='amendments', to='annual.annuallist')),
            ],
            options={
                'ordering': ['annual', 'ordinal'],
                'constraints': [models.UniqueConstraint(fields=('annual', 'ordinal'), name='amendment_ordinal_once'), models.UniqueConstraint(condition=models.Q(('issued_at__isnull', True)), fields=('annual',), name='one_amendment_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField(help_text='序号, counted through the list')),
                ('theme_no', models.PositiveSmallIntegerField(default=0, help_text='0: the plan as a whole')),
                ('theme', models.CharField(blank=True, max_length=120)),
                ('theme_en', models.CharField(blank=True, max_length=200)),
                ('task_no', models.CharField(blank=True, max_length=20)),
                ('title', models.CharField(max_length=200)),
                ('title_en', models.CharField(blank=True, max_length=300)),
                ('content', models.TextField()),
                ('content_en', models.TextField(blank=True)),
                ('node', models.TextField()),
                ('node_en', models.TextField(blank=True)),
                ('quarter', models.PositiveSmallIntegerField()),
                ('lead_code', models.CharField(blank=True, help_text='code of the leading body; empty: not decided', max_length=60)),
                ('lead_name', models.CharField(blank=True, help_text='as it was called then', max_length=120)),
                ('partners', models.JSONField(default=list, help_text='[[code, name], …] of those who cooperate')),
                ('proposed_code', models.CharField(blank=True, max_length=60)),
                ('proposed_name', models.CharField(blank=True, max_length=120)),
                ('proposed_rule', models.CharField(blank=True, max_length=12)),
                ('reason', models.TextField(blank=True, help_text='why that lead was proposed')),
                ('reason_en', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_why', models.TextField(blank=True, help_text='why another lead than the proposed one')),
                ('amendment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='added', to='annual.amendment')),
                ('annual', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='annual.annuallist')),
                ('carried_from', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='carried_to', to='annual.item')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('measure', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plan.measure')),
                ('target', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plan.target')),
            ],
            options={
                'ordering': ['annual', 'order'],
                'constraints': [models.UniqueConstraint(fields=('annual', 'measure'), name='a_measure_once_per_annual_list'), models.UniqueConstraint(fields=('annual', 'target'), name='a_target_once_per_annual_list'), models.UniqueConstraint(fields=('annual', 'carried_from'), name='carried_once_per_annual_list'), models.CheckConstraint(condition=models.Q(('quarter__gte', 1), ('quarter__lte', 4)), name='a_node_is_due_in_one_of_four_quarters')],
            },
        ),
        migrations.CreateModel(
            name='Completion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('done_on', models.DateField(help_text='none: not done after all', null=True)),
                ('note', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='completions', to='annual.item')),
            ],
            options={
                'ordering': ['item', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('change', '修改'), ('remove', '删除'), ('restore', '恢复')], max_length=8)),
                ('after', models.JSONField(default=dict, help_text='the fields that differ, with their new values')),
                ('amendment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='annual.amendment')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='annual.item')),
            ],
            options={
                'ordering': ['amendment', 'item'],
                'constraints': [models.UniqueConstraint(fields=('amendment', 'item'), name='an_item_once_per_amendment')],
            },
        ),
    ]
