import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('registers', '0001_initial'), ('registers', '0002_revisions_are_kept'), ('registers', '0003_tallies'), ('registers', '0004_redactions'), ('registers', '0006_no_way_round_the_kept_rows')]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
        ('people', '__first__'),
        ('plan', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(help_text='of the definition it was written under')),
                ('data', models.JSONField()),
                ('state', models.SlugField(blank=True, max_length=60)),
                ('reached', models.JSONField(default=dict, help_text='state → day it was reached, of the present path')),
                ('lon', models.FloatField(null=True)),
                ('lat', models.FloatField(null=True)),
                ('geometry', models.JSONField(help_text='GeoJSON, where it is more than a point', null=True)),
                ('tile', models.CharField(help_text='smallest tile that holds it, see places.py', max_length=18, null=True)),
                ('origin', models.CharField(choices=[('official', '公开发布'), ('reported', '部门填报'), ('simulated', '模拟')], max_length=10)),
                ('source', models.CharField(blank=True, max_length=400)),
                ('withdrawn', models.BooleanField(default=False)),
                ('known_on', models.DateField(help_text='when the district could know it')),
                ('effective_on', models.DateField(help_text='since when it is so')),
                ('register', models.SlugField(max_length=60)),
                ('key', models.CharField(max_length=200)),
                ('number', models.PositiveIntegerField(help_text='of the newest revision; an edit must name the one it was made on')),
                ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.body')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='plan.programme')),
            ],
            options={
                'ordering': ['programme', 'register', 'key'],
                'indexes': [models.Index(fields=['programme', 'register', 'withdrawn', 'state'], name='entries_by_state'), models.Index(fields=['programme', 'register', 'body'], name='entries_by_body'), models.Index(fields=['programme', 'register', 'tile'], name='entries_by_tile')],
                'constraints': [models.UniqueConstraint(fields=('programme', 'register', 'key'), name='entry_key_once')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=200)),
                ('size', models.PositiveBigIntegerField()),
                ('taken_at', models.DateTimeField(help_text='when a photograph was taken, as the file says', null=True)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='registers.entry')),
            ],
            options={
                'ordering': ['entry', 'id'],
                'constraints': [models.UniqueConstraint(fields=('entry', 'sha256'), name='file_once_per_entry')],
            },
        ),
        migrations.CreateModel(
            name='Redaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=40)),
                ('due_on', models.DateField()),
                ('why', models.CharField(blank=True, max_length=400)),
                ('recorded_at', models.DateTimeField()),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redactions', to='registers.entry')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['entry', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Register',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60)),
                ('version', models.PositiveSmallIntegerField()),
                ('definition', models.JSONField()),
                ('recorded_at', models.DateTimeField()),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registers', to='plan.programme')),
            ],
            options={
                'ordering': ['programme', 'code', 'version'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'code', 'version'), name='register_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(help_text='of the definition it was written under')),
                ('data', models.JSONField()),
                ('state', models.SlugField(blank=True, max_length=60)),
                ('reached', models.JSONField(default=dict, help_text='state → day it was reached, of the present path')),
                ('lon', models.FloatField(null=True)),
                ('lat', models.FloatField(null=True)),
                ('geometry', models.JSONField(help_text='GeoJSON, where it is more than a point', null=True)),
                ('tile', models.CharField(help_text='smallest tile that holds it, see places.py', max_length=18, null=True)),
                ('origin', models.CharField(choices=[('official', '公开发布'), ('reported', '部门填报'), ('simulated', '模拟')], max_length=10)),
                ('source', models.CharField(blank=True, max_length=400)),
                ('withdrawn', models.BooleanField(default=False)),
                ('known_on', models.DateField(help_text='when the district could know it')),
                ('effective_on', models.DateField(help_text='since when it is so')),
                ('register', models.SlugField(max_length=60)),
                ('number', models.PositiveIntegerField()),
                ('why', models.CharField(blank=True, max_length=400)),
                ('recorded_at', models.DateTimeField()),
                ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.body')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='registers.entry')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plan.programme')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['entry', 'number'],
                'indexes': [models.Index(fields=['programme', 'register', 'entry', '-effective_on', '-id'], name='revisions_newest_first')],
                'constraints': [models.UniqueConstraint(fields=('entry', 'number'), name='revision_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.SlugField(max_length=60)),
                ('state', models.SlugField(blank=True, max_length=60)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plan.programme')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('programme', 'register', 'state'), name='tally_once')],
            },
        ),
    ]
