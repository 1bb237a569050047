import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('figures', '0001_initial'), ('figures', '0002_who_states_a_series')]

    initial = True

    dependencies = [
        ('people', '__first__'),
        ('plan', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Figure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.SlugField(max_length=80)),
                ('period', models.CharField(help_text='2025-09, 2025-Q3, 2025 or 2025-09-30', max_length=10)),
                ('ends', models.DateField(help_text='last day of the period')),
                ('value', models.DecimalField(decimal_places=6, max_digits=20)),
                ('source', models.CharField(blank=True, help_text='where this number stands: document and address, or file and row', max_length=400)),
                ('known_on', models.DateField(help_text='when the district could know it: published, reported')),
                ('recorded_at', models.DateTimeField()),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='plan.programme')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['programme', 'series', 'ends', 'id'],
                'indexes': [models.Index(fields=['programme', 'series', 'ends'], name='figures_fig_program_47a5dd_idx')],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.SlugField(max_length=80)),
                ('key', models.CharField(max_length=80)),
                ('planned_on', models.DateField(null=True)),
                ('done_on', models.DateField(null=True)),
                ('value', models.DecimalField(decimal_places=6, default=1, help_text="how much it counts for, in the series' unit", max_digits=20)),
                ('source', models.CharField(blank=True, max_length=400)),
                ('known_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='plan.programme')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['programme', 'series', 'key', 'id'],
                'indexes': [models.Index(fields=['programme', 'series', 'key'], name='figures_ite_program_ee994f_idx')],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=80)),
                ('name', models.CharField(max_length=120)),
                ('name_en', models.CharField(blank=True, max_length=200)),
                ('unit', models.CharField(blank=True, max_length=30)),
                ('frequency', models.CharField(max_length=8)),
                ('origin', models.CharField(choices=[('official', '公开发布'), ('reported', '部门填报'), ('simulated', '模拟')], max_length=10)),
                ('source', models.JSONField(default=dict, help_text='publisher, title, address, licence')),
                ('body', models.CharField(blank=True, help_text='code of the body that states it', max_length=60, null=True)),
                ('least', models.DecimalField(blank=True, decimal_places=6, help_text='below it a value is a mistake', max_digits=20, null=True)),
                ('most', models.DecimalField(blank=True, decimal_places=6, help_text='above it a value is a mistake', max_digits=20, null=True)),
                ('recorded_at', models.DateTimeField()),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='series', to='plan.programme')),
            ],
            options={
                'ordering': ['programme', 'code', 'id'],
                'indexes': [models.Index(fields=['programme', 'code', 'recorded_at'], name='figures_ser_program_cd9b71_idx')],
            },
        ),
    ]
