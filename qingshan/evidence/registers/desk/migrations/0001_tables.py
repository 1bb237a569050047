import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('desk', '0001_initial')]

    initial = True

    dependencies = [
        ('people', '__first__'),
        ('plan', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.SlugField(max_length=60)),
                ('name', models.CharField(max_length=60)),
                ('query', models.CharField(max_length=1000)),
                ('recorded_at', models.DateTimeField()),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plan.programme')),
            ],
            options={
                'ordering': ['register', 'name'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'register', 'owner', 'name'), name='filter_name_once_per_person')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.SlugField(max_length=60)),
                ('name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('known_on', models.DateField()),
                ('why', models.CharField(blank=True, max_length=400)),
                ('state', models.CharField(choices=[('checking', '核对中'), ('faulty', '有问题'), ('ready', '可导入'), ('keeping', '导入中'), ('kept', '已导入'), ('failed', '中断')], default='checking', max_length=10)),
                ('outcome', models.JSONField(default=dict, help_text='how many rows were added, changed, and said nothing new')),
                ('faults', models.JSONField(default=list, help_text='[sheet, cell, value, Chinese, English] of each')),
                ('recorded_at', models.DateTimeField()),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plan.programme')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['programme', 'register', '-id'], name='uploads_newest_first')],
            },
        ),
    ]
