import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('evaluation', '0001_initial'), ('evaluation', '0002_signed_runs_are_frozen'), ('evaluation', '0003_no_way_round_the_frozen_rows'), ('evaluation', '0004_definitions_are_kept')]

    initial = True

    dependencies = [
        ('people', '__first__'),
        ('plan', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField(help_text='the day judged')),
                ('cutoff', models.DateTimeField(help_text='nothing recorded later was read')),
                ('code_version', models.CharField(max_length=80)),
                ('record', models.TextField(help_text='canonical JSON')),
                ('digest', models.CharField(help_text='SHA-256 of the record', max_length=64)),
                ('created_at', models.DateTimeField()),
                ('signed_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='plan.edition')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='plan.programme')),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['programme', '-id'],
                'indexes': [models.Index(fields=['programme', 'as_of'], name='evaluation__program_ba0ca4_idx')],
            },
        ),
    ]
