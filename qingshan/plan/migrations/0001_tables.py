import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('plan', '0001_initial'), ('plan', '0002_longer_names'), ('plan', '0003_adopted_editions_are_frozen'), ('plan', '0004_no_way_round_the_adopted_editions')]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('title_en', models.CharField(blank=True, max_length=300)),
                ('about', models.JSONField(blank=True, default=dict, help_text="what the programme's folder says of itself: sources, demonstration")),
                ('jurisdiction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='programmes', to='people.jurisdiction')),
                ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.body')),
            ],
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.PositiveSmallIntegerField(help_text='1, 2, 3 … within the programme')),
                ('state', models.CharField(choices=[('draft', '草稿'), ('adopted', '已采用'), ('superseded', '已被替代'), ('discarded', '已作废')], default='draft', max_length=10)),
                ('title', models.CharField(max_length=200)),
                ('title_en', models.CharField(blank=True, max_length=300)),
                ('number', models.CharField(blank=True, max_length=120)),
                ('issuer', models.CharField(blank=True, max_length=120)),
                ('issued', models.DateField(null=True)),
                ('starts', models.DateField()),
                ('ends', models.DateField()),
                ('origin', models.CharField(help_text='file name, or the programme folder', max_length=200)),
                ('text', models.TextField(blank=True, help_text="the document's full text; empty where only the programme's own summary is known")),
                ('digest', models.CharField(help_text='SHA-256 of the file as it came in', max_length=64)),
                ('unread', models.JSONField(default=list, help_text='numbers the reader saw but did not understand')),
                ('created_at', models.DateTimeField()),
                ('adopted_at', models.DateTimeField(null=True)),
                ('superseded_at', models.DateTimeField(null=True)),
                ('adopted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='plan.programme')),
            ],
            options={
                'ordering': ['programme', '-ordinal'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'ordinal'), name='edition_ordinal_once'), models.UniqueConstraint(condition=models.Q(('state', 'adopted')), fields=('programme',), name='one_adopted_edition_per_programme')],
            },
        ),
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('no', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=120)),
                ('title_en', models.CharField(blank=True, max_length=200)),
                ('short', models.CharField(blank=True, max_length=40)),
                ('short_en', models.CharField(blank=True, max_length=80)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='themes', to='plan.edition')),
            ],
            options={
                'ordering': ['edition', 'no'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'no'), name='theme_no_once')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('no', models.CharField(help_text='as printed: 6, （三）', max_length=20)),
                ('order', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=300)),
                ('short', models.CharField(blank=True, max_length=40)),
                ('title_en', models.CharField(blank=True, max_length=300)),
                ('short_en', models.CharField(blank=True, max_length=80)),
                ('summary', models.TextField(blank=True, help_text="in the office's own words")),
                ('summary_en', models.TextField(blank=True)),
                ('start', models.PositiveIntegerField(null=True)),
                ('end', models.PositiveIntegerField(null=True)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='plan.edition')),
                ('theme', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='plan.theme')),
            ],
            options={
                'ordering': ['edition', 'order'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'no'), name='task_no_once')],
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=80)),
                ('order', models.PositiveSmallIntegerField()),
                ('origin', models.CharField(choices=[('plan', '规划目标'), ('office', '工作指标')], default='plan', max_length=8)),
                ('name', models.CharField(help_text='official wording', max_length=200)),
                ('name_en', models.CharField(blank=True, max_length=300)),
                ('short', models.CharField(blank=True, max_length=60)),
                ('short_en', models.CharField(blank=True, max_length=80)),
                ('kind', models.CharField(max_length=20)),
                ('side', models.CharField(blank=True, max_length=5)),
                ('op', models.CharField(blank=True, help_text='the comparator as read: <=, >=, >, done, decrease …', max_length=10)),
                ('value', models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                ('unit', models.CharField(blank=True, max_length=30)),
                ('starts', models.DateField()),
                ('due', models.DateField()),
                ('binding', models.BooleanField(default=True, help_text='false where the document says 力争')),
                ('implied', models.BooleanField(default=False)),
                ('baseline', models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                ('baseline_on', models.DateField(null=True)),
                ('curve', models.JSONField(blank=True, default=dict)),
                ('metric', models.CharField(blank=True, help_text='code of the metric that serves it', max_length=80)),
                ('note', models.CharField(blank=True, max_length=600)),
                ('note_en', models.CharField(blank=True, max_length=600)),
                ('supports', models.JSONField(blank=True, default=list, help_text='numbers of further tasks that it judges')),
                ('illustrative', models.BooleanField(default=False, help_text='the goal itself was made up for the demonstration')),
                ('start', models.PositiveIntegerField(null=True)),
                ('end', models.PositiveIntegerField(null=True)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='plan.edition')),
                ('task', models.ForeignKey(help_text='none: the plan as a whole', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='plan.task')),
            ],
            options={
                'ordering': ['edition', 'order'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'code'), name='target_code_once')],
            },
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
                ('title', models.TextField()),
                ('title_en', models.TextField(blank=True)),
                ('start', models.PositiveIntegerField(null=True)),
                ('end', models.PositiveIntegerField(null=True)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measures', to='plan.task')),
            ],
            options={
                'ordering': ['task', 'order'],
            },
        ),
        migrations.CreateModel(
            name='Involvement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('printed', models.CharField(help_text='the body as the document spells it', max_length=120)),
                ('part', models.CharField(choices=[('lead', '牵头'), ('cooperate', '配合'), ('responsible', '责任部门')], default='responsible', max_length=12)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='involvements', to='people.body')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='involvements', to='plan.task')),
            ],
            options={
                'ordering': ['task', 'order'],
                'constraints': [models.UniqueConstraint(fields=('task', 'printed'), name='a_body_once_per_task')],
            },
        ),
    ]
