import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('incidents', '0001_initial'), ('incidents', '0002_its_course_is_kept')]

    initial = True

    dependencies = [
        ('coordination', '0001_tables'),
        ('people', '0001_tables'),
        ('people', '__first__'),
        ('plan', '0001_tables'),
        ('registers', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.PositiveSmallIntegerField()),
                ('drill', models.BooleanField()),
                ('kind', models.CharField(choices=[('spill', '水体污染'), ('gas', '气体泄漏'), ('fire', '火灾次生污染'), ('waste', '危险废物倾倒'), ('radiation', '辐射事件'), ('other', '其他')], max_length=10)),
                ('title', models.CharField(max_length=120)),
                ('place', models.CharField(max_length=200)),
                ('lon', models.FloatField(help_text='WGS84')),
                ('lat', models.FloatField(help_text='WGS84')),
                ('began_at', models.DateTimeField(help_text='when it happened or was reported')),
                ('opened_at', models.DateTimeField()),
                ('simulated', models.BooleanField(default=False)),
                ('summary', models.TextField(blank=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='plan.programme')),
                ('review', models.OneToOneField(help_text='what was found and assigned at closing', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incident', to='coordination.meeting')),
            ],
            options={
                'ordering': ['programme', '-ordinal'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'ordinal'), name='incident_ordinal_once')],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=300)),
                ('metres', models.PositiveIntegerField(help_text='straight line [m]')),
                ('minutes', models.PositiveIntegerField(help_text='estimated until it is there [min]')),
                ('asked', models.CharField(blank=True, max_length=300)),
                ('called_at', models.DateTimeField()),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.body')),
                ('called_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registers.entry')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='incidents.incident')),
            ],
            options={
                'ordering': ['incident', 'id'],
                'constraints': [models.UniqueConstraint(fields=('incident', 'entry'), name='a_resource_is_called_once')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('opened', '开启'), ('called', '调用'), ('acknowledged', '已接报'), ('en_route', '已出发'), ('arrived', '已到达'), ('refused', '不能前往'), ('note', '记事'), ('closed', '结束')], max_length=12)),
                ('at', models.DateTimeField()),
                ('note', models.TextField(blank=True)),
                ('recorded_at', models.DateTimeField()),
                ('call', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='incidents.call')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='incidents.incident')),
            ],
            options={
                'ordering': ['incident', 'at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('call__isnull', False)), fields=('call', 'kind'), name='a_call_takes_a_step_once')],
            },
        ),
    ]
