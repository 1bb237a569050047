from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annual', '0002_issued_lists_are_frozen'),
    ]

    operations = [
        migrations.AlterField(
            model_name='change',
            name='kind',
            field=models.CharField(choices=[('change', '修改'), ('remove', '删除'), ('restore', '恢复')], max_length=8),
        ),
    ]
