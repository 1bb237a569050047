import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('indicators', '0001_initial'), ('indicators', '0002_units_and_longer_words')]

    initial = True

    dependencies = [
        ('plan', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.CharField(max_length=30)),
                ('unit_en', models.CharField(max_length=30)),
                ('recorded_at', models.DateTimeField()),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='plan.programme')),
            ],
            options={
                'ordering': ['programme', 'unit', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Metric',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=80)),
                ('name', models.CharField(max_length=120)),
                ('name_en', models.CharField(blank=True, max_length=200)),
                ('unit', models.CharField(blank=True, max_length=30)),
                ('decimals', models.PositiveSmallIntegerField(default=0)),
                ('better', models.CharField(help_text='lower or higher', max_length=6)),
                ('formula', models.CharField(max_length=20)),
                ('inputs', models.JSONField(default=dict)),
                ('freshness_months', models.PositiveSmallIntegerField(null=True)),
                ('forecast', models.CharField(default='none', max_length=12)),
                ('basis', models.CharField(blank=True, max_length=600)),
                ('basis_en', models.CharField(blank=True, max_length=600)),
                ('verification', models.CharField(blank=True, max_length=12)),
                ('recorded_at', models.DateTimeField()),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='metrics', to='plan.programme')),
            ],
            options={
                'ordering': ['programme', 'code', 'id'],
                'indexes': [models.Index(fields=['programme', 'code', 'recorded_at'], name='indicators__program_7419eb_idx')],
            },
        ),
    ]
