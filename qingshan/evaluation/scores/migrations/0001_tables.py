import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('scores', '0001_initial'), ('scores', '0002_what_is_published_stays')]

    initial = True

    dependencies = [
        ('evaluation', '0001_tables'),
        ('people', '0001_tables'),
        ('people', '__first__'),
        ('plan', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Rules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=20)),
                ('since', models.DateField(help_text='for sheets whose period begins on this day or later')),
                ('definition', models.JSONField()),
                ('recorded_at', models.DateTimeField()),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scoring', to='plan.programme')),
            ],
            options={
                'ordering': ['programme', 'since', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(help_text='2025-H1, 2025', max_length=10)),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('as_of', models.DateField(help_text="the day everything is judged on: the run's")),
                ('cutoff', models.DateTimeField(help_text='nothing recorded later was read')),
                ('code_version', models.CharField(max_length=80)),
                ('record', models.TextField(help_text='canonical JSON')),
                ('digest', models.CharField(help_text='SHA-256 of the record', max_length=64)),
                ('state', models.CharField(choices=[('draft', '草稿'), ('published', '征求异议'), ('final', '已定稿'), ('withdrawn', '已撤回')], default='draft', max_length=10)),
                ('demonstration', models.BooleanField(default=False, help_text='made and published by the system for the demonstration')),
                ('created_at', models.DateTimeField()),
                ('published_on', models.DateField(null=True)),
                ('open_until', models.DateField(help_text='the last day for objections', null=True)),
                ('signed_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='score_sheets', to='plan.programme')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rules', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scores.rules')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evaluation.run')),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['programme', '-since', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('programme', 'period'), name='one_standing_sheet_per_period')],
            },
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.CharField(help_text='key of the line: criterion and matter', max_length=200)),
                ('reason', models.TextField()),
                ('evidence', models.TextField(blank=True, help_text='what proves it: document, number, date')),
                ('made_on', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.body')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='scores.sheet')),
            ],
            options={
                'ordering': ['sheet', 'id'],
                'constraints': [models.UniqueConstraint(fields=('sheet', 'body', 'line'), name='one_objection_to_a_line')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('upheld', models.BooleanField()),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('objection', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='scores.objection')),
            ],
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.body')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='scores.sheet')),
            ],
            options={
                'ordering': ['sheet', 'id'],
                'constraints': [models.UniqueConstraint(fields=('sheet', 'body'), name='one_consent_per_body')],
            },
        ),
    ]
