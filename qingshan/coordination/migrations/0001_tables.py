import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('coordination', '0001_initial'), ('coordination', '0002_what_was_raised_and_signed_is_kept')]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
        ('people', '__first__'),
        ('plan', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.PositiveSmallIntegerField()),
                ('held_on', models.DateField()),
                ('title', models.CharField(max_length=120)),
                ('place', models.CharField(blank=True, max_length=120)),
                ('chairs', models.CharField(blank=True, max_length=120)),
                ('present', models.TextField(blank=True)),
                ('summary', models.TextField(blank=True)),
                ('simulated', models.BooleanField(default=False)),
                ('prepared_at', models.DateTimeField()),
                ('signed_at', models.DateTimeField(null=True)),
                ('prepared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='plan.programme')),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['programme', '-ordinal'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'ordinal'), name='meeting_ordinal_once')],
            },
        ),
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
                ('matter', models.JSONField(blank=True, default=dict, help_text="as it was when put on the agenda; empty: the office's own")),
                ('title', models.CharField(max_length=300)),
                ('proposal', models.TextField(blank=True)),
                ('partners', models.JSONField(blank=True, default=list, help_text='codes of bodies')),
                ('due_on', models.DateField(null=True)),
                ('lead', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.body')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='coordination.meeting')),
            ],
            options={
                'ordering': ['meeting', 'order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('adopted', '议定'), ('deferred', '缓议'), ('rejected', '不予采纳')], max_length=10)),
                ('wording', models.TextField()),
                ('partners', models.JSONField(blank=True, default=list, help_text='codes of bodies')),
                ('due_on', models.DateField(null=True)),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='decision', to='coordination.agendaitem')),
                ('lead', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.body')),
            ],
            options={
                'ordering': ['item'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'adopted'), _negated=True), models.Q(('due_on__isnull', False), ('lead__isnull', False)), _connector='OR'), name='an_assignment_has_a_lead_and_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Handling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reported', '报办结'), ('closed', '销号'), ('returned', '退回')], max_length=10)),
                ('on', models.DateField()),
                ('note', models.TextField()),
                ('file', models.CharField(blank=True, help_text='name of the proof; its bytes stand under the SHA-256', max_length=200)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handlings', to='coordination.decision')),
            ],
            options={
                'ordering': ['decision', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(default='zh-hans', max_length=10)),
                ('by_mail', models.BooleanField(default=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='preference', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Rulebook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField()),
                ('rules', models.JSONField(default=list)),
                ('registers', models.JSONField(default=list, help_text='codes of the registers whose late entries are matters')),
                ('recorded_at', models.DateTimeField()),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rulebooks', to='plan.programme')),
            ],
            options={
                'ordering': ['programme', 'version'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'version'), name='rulebook_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('target_off', 'target_off'), ('assignment', 'assignment'), ('target_risk', 'target_risk'), ('node', 'node'), ('entry', 'entry'), ('disagreement', 'disagreement'), ('report', 'report'), ('target_silent', 'target_silent'), ('lead', 'lead')], max_length=20)),
                ('key', models.CharField(max_length=260)),
                ('episode', models.PositiveSmallIntegerField(help_text='counts how often the matter came up anew after it was mended')),
                ('level', models.PositiveSmallIntegerField(choices=[(1, 'notice'), (2, 'warning'), (3, 'circular')])),
                ('matter', models.JSONField()),
                ('days_late', models.PositiveSmallIntegerField(help_text='working days')),
                ('raised_on', models.DateField()),
                ('answer_by', models.DateField()),
                ('raised_at', models.DateTimeField()),
                ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.body')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='plan.programme')),
                ('raised_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rulebook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coordination.rulebook')),
            ],
            options={
                'ordering': ['programme', '-level', 'id'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'kind', 'key', 'episode', 'level'), name='a_level_once_per_matter')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('office', '计划办'), ('liaison', '部门联络员'), ('leader', '分管领导'), ('auditor', '审计'), ('admin', '系统管理')], max_length=12)),
                ('kind', models.CharField(help_text='notice, warning, circular, proposal, assignment, reported …', max_length=20)),
                ('subject', models.JSONField()),
                ('told', models.JSONField()),
                ('address', models.JSONField(help_text='name of the page and its arguments')),
                ('simulated', models.BooleanField(default=False)),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('alert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coordination.alert')),
                ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.body')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='plan.programme')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['role', 'body'], name='notices_by_reader')],
            },
        ),
        migrations.CreateModel(
            name='Seen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seen', to='coordination.notice')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'notice'), name='a_notice_is_read_once')],
            },
        ),
        migrations.CreateModel(
            name='Sent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('thing', models.CharField(max_length=300)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'on', 'thing'), name='told_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='AlertStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('acknowledged', '签收'), ('issued', '通报'), ('withheld', '不予通报'), ('closed', '销号')], max_length=12)),
                ('on', models.DateField()),
                ('note', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='coordination.alert')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['alert', 'id'],
                'constraints': [models.UniqueConstraint(fields=('alert', 'kind'), name='a_step_once_per_alert'), models.UniqueConstraint(condition=models.Q(('kind__in', ['issued', 'withheld'])), fields=('alert',), name='a_circular_is_settled_once')],
            },
        ),
    ]
