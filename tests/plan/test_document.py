import pytest

from qingshan.plan.document import NotAPlan, read

from .texts import HEAD, plan, task


def departments(duty: str) -> list[str]:
    return list(read(plan(task("疏浚断头河。", duty))).tasks[0].departments)


def targets(sentence: str, **kept):
    return read(plan(task(sentence), **kept)).targets


def only(sentence: str, **kept):
    found = targets(sentence, **kept)
    assert len(found) == 1, found
    return found[0]


def told(target) -> tuple:
    return target.op, target.value, target.unit


# the shape


def test_a_reading_as_a_dictionary_has_the_agreed_fields():
    told = read(plan(task("新建泵站3座。"), goals="到2027年，水质达标率达到90%。")).as_dict()
    assert list(told) == [
        "title",
        "number",
        "issuer",
        "issued",
        "period",
        "themes",
        "tasks",
        "targets",
        "unread_numbers",
    ]
    assert list(told["tasks"][0]) == [
        "no",
        "title",
        "theme",
        "departments",
        "roles",
        "text",
        "start",
        "end",
        "measures",
    ]
    assert list(told["tasks"][0]["measures"][0]) == ["text", "start", "end", "departments"]
    assert list(told["targets"][0]) == [
        "scope",
        "metric",
        "op",
        "value",
        "unit",
        "by",
        "note",
        "binding",
        "implied",
        "start",
        "end",
    ]
    assert told["tasks"][0]["no"] == 1 and told["targets"][1]["scope"] == 1
    assert told["period"] == [2025, 2027]


def test_offsets_count_characters_of_the_text_as_given():
    text = plan(task("新建 泵站 3 座。"), goals="到 2027 年，水质达标率达到 90 %。")
    reading = read(text)
    assert [text[t.start : t.end] for t in reading.targets] == ["水质达标率达到 90 %", "新建 泵站 3 座"]
    assert text[reading.tasks[0].start : reading.tasks[0].end].startswith("1.整治河道环境")


# facts


NOTICE = """青溪区人民政府办公室文件

青政办〔2025〕12 号

青溪区人民政府办公室关于印发
青溪区湖泊保护三年行动计划
（2025—2027年）的通知

各镇人民政府：
现将《青溪区湖泊保护三年行动计划（2025—2027年）》印发给你们，请认真落实。

青溪区人民政府办公室
2025年3月8日

青溪区湖泊保护三年行动计划
（2025—2027年）

一、重点任务
（一）治理湖泊。清除围网。（责任单位：区水务局）
（二）修复湿地。补种水草。（责任单位：区林业局）
"""


def test_facts_of_a_notice_with_its_plan():
    facts = read(NOTICE).facts
    assert facts.title == "青溪区湖泊保护三年行动计划（2025—2027年）"
    assert facts.number == "青政办〔2025〕12号"
    assert facts.issuer == "青溪区人民政府办公室"
    assert (facts.issued, facts.period) == ("2025-03-08", (2025, 2027))


@pytest.mark.parametrize("date", ["二〇二五年三月八日", "二○二五年三月八日", "2025 年 3 月 8 日"])
def test_the_date_of_issue_in_its_forms(date):
    assert read(NOTICE.replace("2025年3月8日", date)).facts.issued == "2025-03-08"


@pytest.mark.parametrize("brackets", ["〔〕", "[]", "（）", "()", "【】"])
def test_the_document_number_in_any_bracket(brackets):
    number = read(NOTICE.replace("〔2025〕", brackets[0] + "2025" + brackets[1])).facts.number
    assert number.startswith("青政办") and number.endswith("12号")


def test_a_notice_that_carries_its_own_measures_keeps_its_whole_title():
    text = "青溪区人民政府关于支持湖泊\n保护若干措施的通知\n青政〔2025〕3号\n一、治理\n（一）清除围网。（责任单位：区水务局）\n（二）补种水草。（责任单位：区林业局）\n青溪区人民政府\n2025年4月1日\n"
    facts = read(text).facts
    assert facts.title == "青溪区人民政府关于支持湖泊保护若干措施的通知"
    assert (facts.issuer, facts.issued, facts.period) == ("青溪区人民政府", "2025-04-01", None)


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("青溪区“十四五”水务发展规划", (2021, 2025)),
        ("青溪区2025年治水工作要点", (2025, 2025)),
        ("青溪区治水三年行动计划（2024-2026 年）", (2024, 2026)),
        ("青溪区治水实施方案", None),
    ],
)
def test_the_period_in_the_title(title, period):
    assert read(plan(task("清理河岸。"), task("疏浚河道。"), head=title + "\n")).facts.period == period


# tasks


def test_chapters_become_themes_and_numbered_items_tasks():
    reading = read(plan(task("清理河岸。"), task("疏浚河道。")))
    assert reading.themes == ("加强治理",)
    assert [(t.no, t.title, t.theme) for t in reading.tasks] == [
        ("1", "整治河道环境", "加强治理"),
        ("2", "整治河道环境", "加强治理"),
    ]


def test_a_task_without_heading_takes_its_first_sentence_as_title():
    text = plan("在河道两侧种植水杉，形成绿色廊道（责任单位：区林业局）", "补种芦苇，恢复浅滩。（责任单位：区林业局）")
    assert [t.title for t in read(text).tasks] == ["在河道两侧种植水杉，形成绿色廊道", "补种芦苇，恢复浅滩"]


def test_safeguards_and_steps_are_no_tasks_unless_they_carry_a_clause():
    text = (
        plan(task("清理河岸。"))
        + "三、实施步骤\n（一）动员部署。开展摸底。\n四、保障措施\n（一）加强领导。成立专班。\n（二）落实经费。多渠道筹资。（责任单位：区财政局）\n"
    )
    assert "动员部署" not in [t.title for t in read(text).tasks]
    assert "加强领导" not in [t.title for t in read(text).tasks]


def test_a_plan_without_bodies_still_has_its_tasks():
    text = (
        HEAD
        + "一、总体要求\n坚持系统治理。\n二、重点任务\n（一）治理河道。清除淤泥。\n（二）修复湿地。补种水草。\n（三）保护水源。设立围栏。\n三、保障措施\n（一）加强领导。成立专班。\n"
    )
    assert [t.title for t in read(text).tasks] == ["治理河道", "修复湿地", "保护水源"]


def test_every_sentence_of_a_task_is_a_measure_with_its_bodies():
    text = plan("治理湖泊。清除围网。（区水务局负责）补种水草。（区林业局负责）")
    assert [(m.text, m.departments) for m in read(text).tasks[0].measures] == [
        ("清除围网。", ("区水务局",)),
        ("补种水草。", ("区林业局",)),
    ]


def test_a_task_number_followed_by_a_figure_goes_on_with_the_count():
    text = plan(*[task("清理河岸。") for _ in range(4)]) + "5.88条河道建档。逐条立牌。（责任单位：区水务局）\n"
    assert [t.no for t in read(text).tasks] == ["1", "2", "3", "4", "5"]
    assert read(text).tasks[-1].title == "88条河道建档"


# responsibility clauses


@pytest.mark.parametrize(
    ("duty", "names"),
    [
        ("（责任部门：区水务局、区林业局）", ["区水务局", "区林业局"]),
        ("(责任单位:区水务局、区林业局)", ["区水务局", "区林业局"]),
        ("（责任单位：区水务局，区林业局)", ["区水务局", "区林业局"]),
        ("（区水务局、区林业局等按职责分工负责）", ["区水务局", "区林业局"]),
        ("（区水务局牵头，区林业局配合）", ["区水务局", "区林业局"]),
        ("（区水务局牵头，区财政局、各有关部门参与）", ["区水务局", "区财政局", "各有关部门"]),
        ("（牵头单位：区水务局；配合单位：区林业局；完成时限：2026年底）", ["区水务局", "区林业局"]),
        ("（负责部门：区水务局；适用范围：太平镇、和顺镇）", ["区水务局"]),
        ("（区文化和旅游局、区工业和信息化局和区水务局负责）", ["区文化和旅游局", "区工业和信息化局", "区水务局"]),
        ("（区水务局会同区林业局负责）", ["区水务局", "区林业局"]),
        ("（区发展改革委（区粮食局）、各镇（街道）负责）", ["区发展改革委（区粮食局）", "各镇（街道）"]),
        ("（责任单位：区水务局，各区、县级市政府）", ["区水务局", "各区、县级市政府"]),
        ("（区水务局等部门负责）", ["区水务局"]),
        ("（区水务局、青溪供水公司）", ["区水务局", "青溪供水公司"]),
        ("（区水务局、区总工会、区公交集团）", ["区水务局", "区总工会", "区公交集团"]),
        ("（区水务局、各镇政府〔管委会〕）", ["区水务局", "各镇政府〔管委会〕"]),
        ("【责任单位：区水务局】", ["区水务局"]),
        ("\n责任单位：区水务局、区林业局", ["区水务局", "区林业局"]),
        ("\n牵头单位：区水务局\n配合单位：区林业局", ["区水务局", "区林业局"]),
        ("区水务局牵头，区林业局配合。", ["区水务局", "区林业局"]),
    ],
)
def test_bodies_of_a_clause(duty, names):
    assert departments(duty) == names


@pytest.mark.parametrize(
    "aside", ["（以下简称示范区）", "（含镇村两级）", "（由企业自行负责维护的除外）", "（见附件）"]
)
def test_a_bracket_that_names_no_body_is_no_clause(aside):
    assert departments(aside + "（责任单位：区水务局）") == ["区水务局"]


def test_roles_are_told_apart():
    reading = read(plan(task("疏浚。", "（区水务局牵头，区林业局、区财政局配合，市水务局指导）")))
    assert reading.tasks[0].roles == {
        "lead": ("区水务局",),
        "support": ("区林业局", "区财政局"),
        "guide": ("市水务局",),
    }


def test_the_first_named_leads_from_where_the_text_says_so():
    text = plan(
        task("清淤。", "（区水务局、区林业局负责。列第一位者为牵头单位，下同）"),
        task("植树。", "（区林业局、区水务局负责）"),
    )
    assert [t.roles["lead"] for t in read(text).tasks] == [("区水务局",), ("区林业局",)]


def test_a_body_ruled_for_all_that_follows_is_inherited():
    text = plan(
        task("清淤。", "（区水务局指导，各镇政府负责落实。以下均需各镇政府落实，不再列出）"),
        task("植树。", "（区林业局指导）"),
    )
    assert [list(t.departments) for t in read(text).tasks] == [["区水务局", "各镇政府"], ["区林业局", "各镇政府"]]


def test_clauses_inside_one_task_are_united():
    text = plan("治理湖泊。清网。（区水务局负责）种草。（区林业局牵头，区水务局配合）")
    assert list(read(text).tasks[0].departments) == ["区水务局", "区林业局"]


@pytest.mark.parametrize(
    ("duty", "expected"),
    [
        ("由区水务局牵头，区财政局、各镇（街道）参与。", ["区水务局", "区财政局", "各镇（街道）"]),
        ("区水务局会同区财政局落实。", ["区水务局", "区财政局"]),
        ("（完成时限：2026年底；责任单位：区水务局、区财政局）", ["区水务局", "区财政局"]),
        ("\n责任科室：河长办；配合科室：财政所；责任领导：分管副镇长", ["河长办", "财政所"]),
        ("\n牵头单位：区水务局  责任单位：区财政局、各镇", ["区水务局", "区财政局", "各镇"]),
        ("（区水务局、区财政局，各镇，列首位的为牵头单位，下同）", ["区水务局", "区财政局", "各镇"]),
    ],
)
def test_leaders_are_no_bodies_and_prose_names_some(duty, expected):
    assert departments(duty) == expected


# targets


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("水质达标率不低于95%。", (">=", 95, "%")),
        ("水质达标率达到95%以上。", (">=", 95, "%")),
        ("水质达标率超过95%。", (">", 95, "%")),
        ("水质达标率保持在95%。", (">=", 95, "%")),
        ("总磷浓度不高于0.1毫克/升。", ("<=", 0.1, "毫克/升")),
        ("细颗粒物浓度控制在30微克/立方米以内。", ("<=", 30, "μg/m³")),
        ("细颗粒物浓度降至30微克/立方米以下。", ("<=", 30, "μg/m³")),
        ("漏损率低于9%。", ("<", 9, "%")),
        ("装机稳定在12万千瓦左右。", ("=", 120000, "kW")),
        ("亩均用水量下降8%。", (">=", 8, "%")),
        ("污水收集率提高5个百分点。", (">=", 5, "pp")),
        ("污水收集率由70%提高到85%。", (">=", 85, "%")),
        ("污水收集率≥85%。", (">=", 85, "%")),
        ("综合效率指数保持0.8—1.1。", ("=", (0.8, 1.1), None)),
        ("新建泵站12座。", (">=", 12, "座")),
        ("建成12座泵站。", (">=", 12, "座")),
        ("完成12座以上泵站改造。", (">=", 12, "座")),
        ("推广节水灌溉面积2.5万亩。", (">=", 25000, "亩")),
        ("每年推广缓释肥面积2万亩次。", (">=", 20000, "亩次/年")),
        ("每月巡河不少于4次。", (">=", 4, "次/月")),
        ("节水器具实现全覆盖。", (">=", 100, "%")),
        ("公务车辆全面实现电动化。", (">=", 100, "%")),
        ("农药使用量减少一成。", (">=", 10, "%")),
        ("人均公园绿地面积达到9.5平方米。", (">=", 9.5, "m²/人")),
    ],
)
def test_a_figure_with_its_comparator(sentence, expected):
    target = only(sentence)
    assert told(target) == expected
    assert (target.scope, target.by) == ("1", 2027)


def test_words_that_stand_for_a_number_are_marked():
    assert only("节水器具实现全覆盖。").implied
    assert not only("节水器具普及率达到90%。").implied


def test_what_is_striven_for_does_not_bind():
    found = targets("水质达标率确保达到90%、力争达到95%。")
    assert [(t.value, t.binding) for t in found] == [(90, True), (95, False)]


@pytest.mark.parametrize(
    ("sentence", "metrics"),
    [
        ("花木种植、采收机械化率均达到45%。", ["花木种植机械化率", "花木采收机械化率"]),
        ("农用地和建设用地安全利用率保持95%。", ["农用地安全利用率", "建设用地安全利用率"]),
        ("种植、养殖和加工机械化率总体达到50%。", ["种植、养殖和加工机械化率"]),
    ],
)
def test_joint_metrics(sentence, metrics):
    assert [t.metric for t in targets(sentence)] == metrics


def test_paired_values_go_to_their_metrics():
    found = targets("稻谷、小麦机收率分别达到95%和92%。")
    assert [(t.metric, t.value) for t in found] == [("稻谷机收率", 95), ("小麦机收率", 92)]


def test_a_list_of_years_takes_a_list_of_values():
    found = targets("2025年、2026年、2027年分别建成雨水花园5个、8个、9个。")
    assert [(t.by, t.value) for t in found] == [(2025, 5), (2026, 8), (2027, 9)]


def test_things_counted_in_a_row():
    found = targets("建成3个雨水花园、2个口袋公园。")
    assert [(t.metric, t.value) for t in found] == [("雨水花园", 3), ("口袋公园", 2)]


@pytest.mark.parametrize(
    ("sentence", "year"),
    [
        ("到2026年，建成泵站3座。", 2026),
        ("2026年底前，建成泵站3座。", 2026),
        ("2026年6月底前完成3座泵站改造。", 2026),
        ("建成泵站3座。", 2027),
        ("“十五五”期间建成泵站3座。", 2030),
    ],
)
def test_the_year_of_a_target(sentence, year):
    assert only(sentence).by == year


def test_the_deadline_of_a_clause_holds_for_its_task():
    text = plan(task("建成泵站3座。", "（责任单位：区水务局；完成时限：2026年12月）"))
    assert read(text).targets[0].by == 2026


@pytest.mark.parametrize(
    ("sentence", "metric"),
    [
        ("到2026年，建成东湖湿地公园。", "东湖湿地公园"),
        ("到2026年，河长制信息平台基本建成。", "河长制信息平台"),
        ("2026年6月底前，编制完成《东湖保护规划》。", "《东湖保护规划》"),
        ("开展排污口排查，2026年底前全部完成。", "排污口排查"),
    ],
)
def test_a_dated_milestone(sentence, metric):
    target = only(sentence)
    assert (target.by, metric in target.metric) == (2026, True)
    assert target.op == "done" or target.implied


def test_work_without_number_or_date_is_no_target():
    assert targets("加强日常巡查，完善工作机制，推动设施提标，建成若干示范段。") == ()


def test_directions_are_read_among_the_goals():
    found = read(
        plan(task("清淤。"), goals="到2027年，万元产值用水量持续下降，再生水利用比例进一步提高，工作格局不断优化。")
    ).targets
    assert [(t.metric, t.op, t.scope) for t in found] == [
        ("万元产值用水量", "decrease", "overall"),
        ("再生水利用比例", "increase", "overall"),
    ]


def test_a_year_governs_the_goals_that_follow():
    found = read(
        plan(task("清淤。"), goals="到2026年，水质达标率达到80%。污水收集率达到70%。\n到2027年，水质达标率达到90%。")
    ).targets
    assert [(t.value, t.by) for t in found] == [(80, 2026), (70, 2026), (90, 2027)]


@pytest.mark.parametrize(
    "sentence",
    [
        "截至2024年底，已建成泵站30座。",
        "近年来，累计疏浚河道120公里。",
        "落实《水法》第12条和国发〔2015〕17号要求。",
        "联系电话：021-12345678。",
        "淘汰35蒸吨/小时以下燃煤锅炉。",
        "执行国四排放标准，改善Ⅲ类水体。",
        "对年满18周岁的志愿者开展培训。",
    ],
)
def test_background_numbers_are_no_targets(sentence):
    head = HEAD.rstrip() + "\n（2025年1月10日）\n"
    assert [t for t in targets(sentence, head=head) if t.value is not None] == []


def test_a_number_without_a_promise_is_listed_as_unread():
    reading = read(plan(task("沿线居民300户，道路弯曲。")))
    assert [(u.text, bool(u.why)) for u in reading.unread_numbers] == [("300户", True)]


def test_the_same_promise_twice_in_one_task_counts_once():
    assert len(targets("新建泵站12座。新建泵站12座。")) == 1


def test_duplicate_task_numbers_are_all_read():
    text = plan(task("清淤。")) + "（二）加强保护\n1.保护水源。设立围栏3处。（责任单位：区林业局）\n"
    assert [t.no for t in read(text).tasks] == ["1", "1"]


def test_a_deadline_before_the_plan_is_kept_as_printed():
    assert only("到2024年，建成泵站3座。").by == 2024


def test_a_plan_with_no_numbers_has_tasks_and_no_targets():
    reading = read(plan(task("清理河岸。"), task("疏浚河道。")))
    assert (len(reading.tasks), reading.targets, reading.unread_numbers) == (2, (), ())


@pytest.mark.parametrize(
    ("sentence", "metric", "expected"),
    [
        ("亩均用水量比2024年下降8%。", "亩均用水量下降", (">=", 8, "%")),
        ("全区用水总量控制在1.2亿立方米以内。", "全区用水总量", ("<=", 120000000, "立方米")),
        ("PM2.5平均浓度力争达到27微克/立方米。", "PM2.5平均浓度", ("<=", 27, "μg/m³")),
        ("达标率由上年的62%提高到85%。", "达标率", (">=", 85, "%")),
        ("硬化巡河道路6.5公里。", "硬化巡河道路", (">=", 6.5, "km")),
        ("改造排水管道1 800米。", "改造排水管道", (">=", 1800, "米")),
    ],
)
def test_the_size_of_a_change_and_the_sense_of_a_level(sentence, metric, expected):
    target = only(sentence)
    assert (target.metric, told(target)) == (metric, expected)


def test_one_figure_for_each_of_two_things():
    found = targets("总磷、总氮排放量分别比2024年下降15%以上。")
    assert [target.value for target in found] == [15, 15]


@pytest.mark.parametrize(
    "sentence",
    [
        "以全区22个村为范围推进治理。",
        "考核成绩进入全市前3名。",
        "新建建筑面积超过2万平方米的公共建筑应安装中水设施。",
        "按每300人不少于1名标准配备保洁员。",
    ],
)
def test_ranks_norms_and_sizes_that_tell_which_are_meant_are_no_targets(sentence):
    assert not targets(sentence)


# healing


def test_a_word_broken_by_a_page_end_is_joined():
    clause = "（责任单位：区发展改革委、区农业农村局、区绿化市容局、区生态环境局、区房\n\n— 7 —\n\n管局、区水务局）"
    assert "区房管局" in departments(clause)


def test_lines_wrapped_at_a_width_are_joined():
    text = plan(
        task("对全区河道开展排查，逐条登记岸线、排口和水质状况，建立一河一档，" * 3 + "新建泵站12座。"),
        task("在湖区补种水草，恢复浅滩。" * 5),
    )
    wrapped = "\n".join(line[i : i + 28] for line in text.split("\n") for i in range(0, max(len(line), 1), 28))
    assert [t.title for t in read(wrapped).tasks] == ["整治河道环境", "整治河道环境"]
    assert [told(t) for t in read(wrapped).targets] == [(">=", 12, "座")]


def test_a_short_heading_of_a_wrapped_text_is_not_joined_to_what_follows():
    text = plan(task("对全区河道开展排查，逐条登记岸线、排口和水质状况，" * 4), task("在湖区补种水草，恢复浅滩。" * 5))
    text = text.replace(
        "（一）加强治理\n",
        "（一）治水、治岸，加强巡查\n各单位要密切配合，形成工作合力。" + "逐项推进各类问题整改，" * 6 + "确保见效。\n",
    )
    wrapped = "\n".join(line[i : i + 28] for line in text.split("\n") for i in range(0, max(len(line), 1), 28))
    assert read(wrapped).themes == ("治水、治岸，加强巡查",)


def test_spaces_inside_numbers_and_words_are_no_matter():
    text = plan(
        task("新 建 泵 站 1 2 座 ， 污水收集率达到 9 0 ％ 以上 。"), goals="到 2 0 2 7 年 ，水质达标率达到 95. 5 %。"
    )
    assert [told(t) for t in read(text).targets] == [(">=", 95.5, "%"), (">=", 12, "座"), (">=", 90, "%")]


# tables


def test_a_task_table_one_cell_a_line():
    rows = ["序号", "重点任务", "工作要求", "牵头单位", "责任单位", "完成时限"]
    rows += ["1", "整治河道", "完成20公里河道清淤。", "区水务局", "区林业局、各镇", "2026年12月"]
    rows += ["2", "修复湿地", "补种水草。", "区林业局", "2027年6月"]
    reading = read(HEAD + "一、工作目标\n河湖更清。\n附件\n任务分工表\n" + "\n".join(rows) + "\n")
    assert [(t.no, t.title, t.departments) for t in reading.tasks] == [
        ("1", "整治河道", ("区水务局", "区林业局", "各镇")),
        ("2", "修复湿地", ("区林业局",)),
    ]
    assert [(t.scope, t.value, t.by) for t in reading.targets] == [("1", 20, 2026)]


def test_a_task_table_with_tabs():
    rows = [
        "序号\t重点任务\t责任单位\t完成时限",
        "1\t整治河道，清淤20公里\t区水务局\t2026年底",
        "2\t修复湿地\t区林业局、各镇\t长期",
    ]
    reading = read(HEAD + "\n".join(rows) + "\n")
    assert [(t.title, t.departments) for t in reading.tasks] == [
        ("整治河道，清淤20公里", ("区水务局",)),
        ("修复湿地", ("区林业局", "各镇")),
    ]


@pytest.mark.parametrize("mark", ["\t", "\n"])
def test_an_indicator_table(mark):
    rows = [
        ["序号", "指标名称", "2024年", "2027年", "属性"],
        ["1", "总磷浓度（毫克/升）", "0.15", "≤0.1", "约束性"],
        ["2", "森林覆盖率（%）", "30", "33", "预期性"],
    ]
    reading = read(
        HEAD
        + "一、主要指标\n"
        + "\n".join(mark.join(row) for row in rows)
        + "\n"
        + plan(task("清淤。"), task("植树。"), head="")
    )
    found = [(t.metric, *told(t), t.by, t.binding) for t in reading.targets]
    assert found == [("总磷浓度", "<=", 0.1, "毫克/升", 2027, True), ("森林覆盖率", ">=", 33, "%", 2027, False)]


# the annexed table

ANNEXED = (
    "青溪区人民政府办公室\n关于做好2026年河湖治理重点工作的通知\n一、治理河道\n"
    "（一）实施河道清淤。一季度，印发清淤清单；6月底前完成清淤12公里。\n"
    "（二）补齐管网短板。上半年，新建污水管网8公里，污水收集率达到88%、比上年提高3个百分点。\n"
    "（三）规范排口管理。12月底前全部完成整治，整治率100%。\n"
    "附件\n2026年河湖治理任务分工表\n序号\n工作任务\n完成时限\n牵头单位\n配合单位\n"
    "1\n实施河道清淤\n2026年6月底前\n区水务局\n各镇\n"
    "2\n补齐管网短板\n2026年12月底前\n区建设局\n区水务局、区财政局、区发展和改革委员会、区自然资源局\n"
    "3\n规范排口管理\n2026年12月底前\n区生态环境局\n区水务局、各镇\n注：各单位按分工落实。\n"
)


def test_headings_take_their_bodies_from_an_annexed_table():
    tasks = read(ANNEXED).tasks
    assert [task.no for task in tasks] == ["（一）", "（二）", "（三）"]
    assert tasks[1].departments == ("区建设局", "区水务局", "区财政局", "区发展和改革委员会", "区自然资源局")
    assert tasks[2].departments == ("区生态环境局", "区水务局", "各镇")


def test_seasons_of_a_yearly_plan_are_deadlines_in_its_year():
    found = {(target.metric, target.op, target.value, target.by) for target in read(ANNEXED).targets}
    assert ("清淤清单", "done", None, 2026) in found
    assert ("污水收集率提高", ">=", 3, 2026) in found
    assert all(target.by == 2026 for target in read(ANNEXED).targets)


# not a plan


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 2 3 4 5\n6 7 8",
        "Minutes of the meeting.",
        "青溪区人民政府关于东湖镇规划调整的批复\n东湖镇人民政府：\n一、原则同意。\n二、请认真实施。\n",
        "关于2025年春节放假安排的通知\n一、春节：1月28日放假。\n二、请妥善安排值班。\n三、遇事及时报告。\n",
        "青溪区湖泊保护条例\n第一条 为保护湖泊，制定本条例。\n第二条 本条例适用于青溪区。\n第三条 区水务局负责管理。\n第四条 自2025年起施行。\n",
        "青溪区人民政府关于任免工作人员职务的通知\n一、任命一人为区水务局局长。\n二、免去其原职务。\n",
        "关于表彰2024年度治水先进集体的决定\n一、先进集体（12个）\n二、先进个人（30名）\n",
        "我区开展植树活动\n本报讯 昨日，志愿者在东湖边种下300棵水杉。活动现场气氛热烈。\n",
        "关于公布2025年绿色学校名单的通知\n1.东湖小学\n2.西湖小学\n3.南湖小学\n",
        "关于2024年度河湖治理目标任务完成情况的通报\n一、总体情况\n（一）水质。达标率为92%。（区水务局）\n（二）管网。新建18公里。（区建设局）\n"
        "（三）绿化。栽植乔木3万株。（区园林局）\n",
        "关于召开青溪区河湖治理行动计划\n推进会的通知\n一、时间：7月9日。\n二、要求\n1.请区水务局（责任人：办公室）于7月3日前报送回执。\n"
        "2.发言控制在8分钟以内。\n3.参会人员提前入场。\n",
    ],
)
def test_what_tells_of_the_past_or_calls_a_meeting_is_refused(text):
    with pytest.raises(NotAPlan):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "关于公布2025年绿色学校名单的通知\n1.东湖小学\n2.西湖小学\n3.南湖小学\n",
    ],
)
def test_what_is_not_a_plan_is_refused_with_a_reason(text):
    with pytest.raises(NotAPlan) as refused:
        read(text)
    assert refused.value.zh.endswith("。") and refused.value.en.endswith(".")


@pytest.mark.parametrize(
    "kind", ["实施意见", "工作方案", "行动计划", "发展规划", "工作要点", "若干措施", "攻坚战行动方案"]
)
def test_the_kinds_of_documents_that_are_plans(kind):
    assert read(plan(task("清淤。"), task("植树。"), head=f"青溪区河湖治理{kind}\n")).tasks
