import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('reports', '0001_initial'), ('reports', '0002_what_was_handed_in_is_kept')]

    initial = True

    dependencies = [
        ('figures', '0001_tables'),
        ('people', '0001_tables'),
        ('people', '__first__'),
        ('plan', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.SlugField(max_length=60)),
                ('name', models.CharField(max_length=60)),
                ('name_en', models.CharField(blank=True, max_length=120)),
                ('period', models.CharField(help_text='2026-07, 2026-Q3 or 2026-H2', max_length=10)),
                ('starts', models.DateField()),
                ('ends', models.DateField()),
                ('calendar', models.CharField(help_text='country whose working days count', max_length=2)),
                ('opens_on', models.DateField()),
                ('due_on', models.DateField()),
                ('locks_on', models.DateField(help_text="last day on which a report can be handed in without the office's leave")),
                ('mend_days', models.PositiveSmallIntegerField(help_text='working days to mend a report that was sent back')),
                ('provisional', models.BooleanField(default=False, help_text='a day rests on holidays not yet published')),
                ('simulated', models.BooleanField(default=False)),
                ('opened_at', models.DateTimeField()),
                ('closed_on', models.DateField(null=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='plan.programme')),
            ],
            options={
                'ordering': ['programme', '-ends', 'kind'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'kind', 'period'), name='round_once_per_period')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', '待报'), ('submitted', '已报'), ('returned', '退回'), ('accepted', '已接受')], default='draft', max_length=10)),
                ('open_until', models.DateField(help_text='leave of the office to hand in after the lock day', null=True)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='people.body')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='reports.round')),
            ],
            options={
                'ordering': ['round', 'body__order', 'body__code'],
                'constraints': [models.UniqueConstraint(fields=('round', 'body'), name='report_once_per_round_and_body')],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
                ('key', models.CharField(help_text='value:series@2026-Q3, node:12 …, the same in every round', max_length=200)),
                ('kind', models.CharField(choices=[('value', '数值'), ('item', '事项'), ('node', '清单节点'), ('measure', '举措'), ('task', '任务'), ('register', '台账')], max_length=10)),
                ('form', models.CharField(choices=[('value', '数值'), ('percent', '完成百分比'), ('finished', '是否完成'), ('confirmed', '是否属实'), ('words', '文字')], max_length=10)),
                ('asked', models.JSONField(help_text='what is asked, in words, with unit, series and limits')),
                ('known', models.JSONField(default=dict, help_text='what the system knew when the round was opened')),
                ('claim', models.DecimalField(decimal_places=6, help_text='yes is 1, no is 0', max_digits=20, null=True)),
                ('progress', models.TextField(blank=True)),
                ('obstacle', models.TextField(blank=True)),
                ('entries', models.JSONField(default=list, help_text='[[register, key], …] named as evidence')),
                ('number', models.PositiveIntegerField(default=1, help_text='a change must name the one it was made on')),
                ('edited_at', models.DateTimeField(null=True)),
                ('remark', models.TextField(blank=True, help_text="the office's word on why this line was sent back")),
                ('accepted_on', models.DateField(null=True)),
                ('edited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='reports.report')),
            ],
            options={
                'ordering': ['report', 'order'],
                'constraints': [models.UniqueConstraint(fields=('report', 'key'), name='line_once_per_report')],
            },
        ),
        migrations.CreateModel(
            name='Schedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kinds', models.JSONField(help_text="as in the programme's reporting.yaml")),
                ('recorded_at', models.DateTimeField()),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='schedules', to='plan.programme')),
            ],
            options={
                'ordering': ['programme', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('content', models.JSONField()),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='reports.report')),
            ],
            options={
                'ordering': ['report', 'number'],
                'constraints': [models.UniqueConstraint(fields=('report', 'number'), name='version_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(choices=[('submit', '报送'), ('return', '退回'), ('accept_lines', '接受部分'), ('accept', '接受'), ('reopen', '重新开放')], max_length=12)),
                ('day', models.DateField(help_text='the day it counts for, held against due days')),
                ('why', models.TextField(blank=True)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='reports.report')),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.version')),
            ],
            options={
                'ordering': ['report', 'id'],
                'indexes': [models.Index(fields=['report', 'verb', 'day'], name='reports_ste_report__a52fdd_idx')],
            },
        ),
        migrations.CreateModel(
            name='Entered',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('figure', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entered_from', to='figures.figure')),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entered_from', to='figures.item')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entered', to='reports.line')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.version')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='File',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=200)),
                ('size', models.PositiveBigIntegerField()),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='reports.line')),
            ],
            options={
                'ordering': ['line', 'id'],
                'constraints': [models.UniqueConstraint(fields=('line', 'sha256'), name='file_once_per_line')],
            },
        ),
    ]
