import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('measurements', '0001_initial')]

    initial = True

    dependencies = [
        ('people', '__first__'),
        ('plan', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('source', models.CharField(blank=True, help_text='code of the mapping; empty: recognised by its columns', max_length=80)),
                ('partly', models.BooleanField(default=False, help_text='rows with a fault are left out')),
                ('state', models.CharField(choices=[('checking', '核对中'), ('unknown', '待对照'), ('faulty', '有问题'), ('ready', '可导入'), ('keeping', '导入中'), ('kept', '已导入'), ('failed', '中断')], default='checking', max_length=10)),
                ('outcome', models.JSONField(default=dict, help_text='what stands in the file, and what the store makes of it')),
                ('faults', models.JSONField(default=list, help_text='[line, column, cell, Chinese, English] of each')),
                ('notices', models.JSONField(default=list, help_text='[Chinese, English] of each')),
                ('recorded_at', models.DateTimeField()),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plan.programme')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['programme', '-id'], name='deliveries_newest_first')],
            },
        ),
        migrations.CreateModel(
            name='KeptMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=80)),
                ('told', models.JSONField(help_text='observations.mapping.Mapping')),
                ('recorded_at', models.DateTimeField()),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plan.programme')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'code'), name='mapping_code_once_per_programme')],
            },
        ),
    ]
