import pytest

from qingshan.programme.check import inspect
from tests.programme.folder import SAMPLE, copied, line_of, spoil

METRICS, TARGETS, PLAN, HEAD, BODIES = "metrics.yaml", "targets.yaml", "plan.yaml", "programme.yaml", "bodies.yaml"
RIVER, REPORTED, OUTFALLS, SOURCES = "figures/river.csv", "figures/bodies.csv", "figures/outfalls.csv", "sources.csv"

# file, what stands there, what it becomes, the passage whose line is to be named, words of the sentence
MEAN = "inputs: {series: phosphorus-monthly}"
CASES = {
    "source twice": (SOURCES, "reports,office,部门", "yearbook,office,部门", "yearbook,office", "来源 yearbook 重复，已见于 sources.csv:2"),
    "body twice": (BODIES, "{code: farm,", "{code: works,", "code: works, name: Farm", "部门 works 重复，已见于 bodies.yaml:2"),
    "body's name twice": (BODIES, "name: Farm Office,", "name: Public Works,", "code: farm", "部门名称 Public Works 重复"),
    "target twice": (TARGETS, "- code: leakage\n", "- code: phosphorus\n  # here\n", None, "目标 phosphorus 重复，已见于 targets.yaml:2"),
    "metric twice": (METRICS, "{code: fertiliser, name", "{code: leakage, name", "{code: leakage, name: {zh: 化肥", "指标 leakage 重复"),
    "series twice": (METRICS, "{code: wells-all,", "{code: wells-metered,", "name: {zh: 全部水井", "数列 wells-metered 重复"),
    "theme twice": (PLAN, "{no: 2, title: {zh: 土地", "{no: 1, title: {zh: 土地", "zh: 土地与居民", "专题 1 重复"),
    "task twice": (PLAN, "- no: 3", "- no: 2 # again", "# again", "任务 2 重复"),
    "measure twice": (PLAN, "{no: 2, title: {zh: 监测", "{no: 1, title: {zh: 监测", "zh: 监测全覆盖", "举措 1 重复"),
    "unit twice": (METRICS, "{unit: 口,", "{unit: 个,", "en: wells", "单位 个 重复"),
    "account twice": (HEAD, "login: liaison-farm", "login: office", "农业联络员", "账号 office 重复"),
    "unknown office": (HEAD, "office: works\n", "office: mayor\n", "office: mayor", "部门 mayor 不在 bodies.yaml 中"),
    "unknown body of an account": (HEAD, "body: farm", "body: barn", "body: barn", "部门 barn 不在 bodies.yaml 中"),
    "liaison without body": (HEAD, ", body: farm", "", "liaison-farm", "联络员 liaison-farm 须写明部门"),
    "period backwards": (HEAD, "[2025, 2027]", "[2027, 2025]", "[2027, 2025]", "起始年 2027 晚于终止年 2025"),
    "starts outside": (HEAD, "2025-01-01", "2024-01-01", "starts:", "2024-01-01 不在 2025 年"),
    "ends outside": (HEAD, "2027-12-31", "2028-12-31", "ends:", "2028-12-31 不在 2027 年"),
    "published source without address": (SOURCES, "https://riverbend.example/yearbook", "", "yearbook,", "公开来源 yearbook 须写明"),
    "unknown theme": (PLAN, "theme: 1", "theme: 7", "theme: 7", "专题 7 不在 plan.yaml 的 themes 中"),
    "unknown body": (PLAN, "[farm]", "[barn]", "[barn]", "部门 barn 不在 bodies.yaml 中"),
    "unknown lead": (PLAN, "lead: works", "lead: barn", "lead: barn", "部门 barn 不在 bodies.yaml 中"),
    "task without body": (PLAN, "[farm]", "[]", "bodies: []", "任务 2 没有责任部门"),
    "body twice in a task": (PLAN, "[farm]", "[farm, farm]", "[farm, farm]", "任务 2 的责任部门有重复"),
    "lead from outside": (PLAN, "lead: works", "lead: farm", "lead: farm", "牵头部门 farm 不在任务 1"),
    "measure before the plan": (PLAN, "by: 2027", "by: 2023", "by: 2023", "举措年份 2023 早于计划起始年 2025"),
    "measure after the plan": (PLAN, "by: 2027", "by: 2030", "by: 2030", "举措年份 2030 晚于计划终止年 2027"),
    "task without target": (TARGETS, "scope: 3", "scope: 2", None, "任务 3 没有目标"),
    "unknown metric": (TARGETS, "metric: leakage", "metric: leaks", "metric: leaks", "指标 leaks 不在 metrics.yaml 的 metrics 中"),
    "unknown task": (TARGETS, "scope: 3", "scope: 9", "scope: 9", "任务 9 不在 plan.yaml 的 tasks 中"),
    "unknown supported task": (TARGETS, "supports: [1]", "supports: [1, 8]", "supports:", "任务 8 不在"),
    "unknown source of a baseline": (TARGETS, "source: yearbook", "source: hearsay", "source: hearsay", "来源 hearsay 不在 sources.csv 中"),
    "target before the plan": (TARGETS, "by: 2026\n  due: 2026-12-31", "by: 2023\n  due: 2023-12-31", "by: 2023", "目标年份 2023 早于计划起始年 2025"),
    "target after the plan": (TARGETS, "by: 2026\n  due: 2026-12-31", "by: 2031\n  due: 2031-12-31", "by: 2031", "目标年份 2031 晚于计划终止年 2027"),
    "due in another year": (TARGETS, "due: 2026-09-30", "due: 2027-09-30", "due: 2027-09-30", "期限 2027-09-30 不在目标年份 2026"),
    "baseline after the deadline": (TARGETS, "date: 2024-12-31", "date: 2028-01-01", "baseline:", "基准日 2028-01-01 不早于期限 2027-12-31"),
    "start after the deadline": (TARGETS, "  implied: true", "  start: {date: 2027-12-31, value: 3}", "start:", "起点日 2027-12-31 不早于期限"),
    "baseline without source": (TARGETS, ", source: yearbook", "", "baseline:", "基准值须写明来源"),
    "operator against kind": (TARGETS, "op: decrease", "op: done", "op: done\n  by: 2027", "类型 direction_only 的比较符应为 decrease increase，现为 done"),
    "side where none belongs": (TARGETS, "kind: upper_bound", "kind: upper_bound\n  side: below # here", "# here", "只有严格界限才写 side"),
    "strict bound without side": (TARGETS, "  side: below\n", "", "kind: strict_bound", "严格界限须写明 side"),
    "side against operator": (TARGETS, "side: below", "side: above", "side: above", "side above 与比较符 < 相反，应为 below"),
    "value where none belongs": (TARGETS, "op: decrease", "op: decrease\n  value: 5\n  unit: t", "value: 5\n", "类型 direction_only 不带目标值，请删去 5"),
    "no value": (TARGETS, "  value: 0.15\n  unit: mg/L\n", "", "- code: phosphorus", "类型 upper_bound 须有目标值"),
    "value without unit": (TARGETS, "  unit: mg/L\n", "", "- code: phosphorus", "目标值与单位须同时写"),
    "coverage of less than all": (TARGETS, "value: 100\n", "value: 99\n", "value: 99", "全覆盖的目标值应为 100，现为 99"),
    "steps without points": (TARGETS, "  steps: [{date: 2025-12-31, value: 12}, {date: 2026-12-31, value: 10}]\n", "", "curve: steps", "须同时写"),
    "points out of order": (TARGETS, "date: 2025-12-31, value: 12", "date: 2027-01-01, value: 12", "steps: [", "须按日期先后"),
    "points past the deadline": (TARGETS, "{date: 2026-12-31, value: 10}", "{date: 2027-01-31, value: 10}", "steps: [", "最后一点 2027-01-31 晚于期限 2026-12-31"),
    "quota without yearly curve": (TARGETS, "  curve: yearly\n", "", "kind: yearly_quota", "每年定额须用 curve: yearly"),
    "unit unlike the metric's": (TARGETS, "unit: mg/L", "unit: μg/L", "unit: μg/L", "目标单位 μg/L 与指标 phosphorus 的单位 mg/L 不一致"),
    "sense unlike the metric's": (TARGETS, "op: decrease", "op: increase", "op: increase", "比较符 increase 与指标 fertiliser 的方向 better: lower 相反"),
    "coverage without share": (TARGETS, "metric: meters", "metric: leakage # wrong", "# wrong", "类型 full_coverage 的指标公式应为 share"),
    "share without denominator": (METRICS, ", denominator: wells-all", "", "inputs: {numerator", "公式 share 的 inputs 应只写 numerator 和 denominator"),
    "mean with numerator": (METRICS, "{series: phosphorus-monthly}", "{numerator: phosphorus-monthly}", "{numerator: phos", "公式 annual_mean 的 inputs 应只写 series"),
    "measured without sites": (METRICS, MEAN, MEAN.replace("phosphorus-monthly", "{stream: air, take: mean, item: PM25, group: nobody}"), "{stream: air", "sites.csv 中没有 air nobody 的点位"),
    "what cannot be taken": (METRICS, MEAN, MEAN.replace("phosphorus-monthly", "{stream: air, take: median}"), "{stream: air", "air 的监测数据不能取 median；可用：mean、good_days、attained"),
    "taken of no item": (METRICS, MEAN, MEAN.replace("phosphorus-monthly", "{stream: air, take: mean}"), "{stream: air", "取 mean 时 item 应为 SO2、NO2"),
    "taken of an item it has not": (METRICS, MEAN, MEAN.replace("phosphorus-monthly", "{stream: water, take: good_share, item: tp}"), "{stream: water", "取 good_share 时不写 item"),
    "instead of nothing measured": (METRICS, MEAN, MEAN.replace("}", ", instead: phosphorus-monthly}"), "instead: phosphorus", "公式 annual_mean 的 inputs 应只写 series"),
    "measured in another unit": (METRICS, MEAN, MEAN.replace("phosphorus-monthly", "{stream: air, take: mean, item: CO}"), "code: phosphorus,", "取 air 的 mean 时，单位应为 mg/m³，现为 mg/L"),
    "unknown series": (METRICS, "{series: fertiliser-yearly}", "{series: manure}", "{series: manure}", "数列 manure 不在 metrics.yaml 的 series 中"),
    "forecast unlike the formula": (METRICS, "forecast: annual_mean", "forecast: count", "forecast: count,\n   basis: {zh: 各月", "预测 count 只用于公式 count_done，现为 annual_mean"),
    "frequency unlike the formula": (METRICS, "frequency: month", "frequency: year", "series: phosphorus-monthly", "公式 annual_mean 需要频率 month、quarter 的数列"),
    "share not in percent": (METRICS, "name: {zh: 计量覆盖率, en: Metered wells}, unit: '%'", "name: {zh: 计量覆盖率, en: Metered wells}, unit: 口", "计量覆盖率", "占比的单位应为 %，现为 口"),
    "parts in different units": (METRICS, "en: All wells}, unit: 口", "en: All wells}, unit: 座", "numerator: wells-metered", "分子与分母单位不一致：口 ≠ 座"),
    "unit unlike the series'": (METRICS, "en: Fertiliser}, unit: t,", "en: Fertiliser}, unit: kg,", "unit: kg", "指标单位 kg 与数列单位不符，应为 t"),
    "yearly unit": (METRICS, "en: Green manure}, unit: 公顷/年", "en: Green manure}, unit: 公顷", "zh: 绿肥面积", "应为 公顷/年"),
    "series of an unknown body": (METRICS, "body: utility", "body: barn", "body: barn", "部门 barn 不在 bodies.yaml 中"),
    "series of an unknown source": (METRICS, "range: [1, 1], body: works, source: invented", "range: [1, 1], body: works, source: hearsay", "source: hearsay", "来源 hearsay 不在 sources.csv 中"),
    "simulated series not marked": (METRICS, "frequency: items, origin: simulated", "frequency: items, origin: reported", "code: outfall-register", "数列 outfall-register 须标为 origin: simulated"),
    "simulated series with a real source": (METRICS, "frequency: year, origin: official", "frequency: year, origin: simulated", "code: fertiliser-yearly", "模拟数列 fertiliser-yearly 的来源 yearbook 未标为 simulated"),
    "official series without publication": (METRICS, "frequency: date, origin: reported", "frequency: date, origin: official", "code: page-progress", "官方数列 page-progress 须有公开来源"),
    "figure of an unknown series": (RIVER, "phosphorus-monthly,2025-03", "phosphate,2025-03", "phosphate,2025-03", "数列 phosphate 不在"),
    "figure of an unknown source": (RIVER, "2025-03,0.20,yearbook", "2025-03,0.20,hearsay", "hearsay", "来源 hearsay 不在 sources.csv 中"),
    "simulated figure in a real series": (RIVER, "2025-03,0.20,yearbook", "2025-03,0.20,invented", "invented", "来源 invented 是模拟的"),
    "real source of a simulated figure": (OUTFALLS, "2026-02-02,1,invented", "2026-02-02,1,reports", "reports", "模拟数列 outfall-register 的来源 reports 未标为 simulated"),
    "figure out of range": (RIVER, "2025-03,0.20", "2025-03,20", "2025-03,20,", "值 20 超出 0–5"),
    "period in another form": (RIVER, "2025-03,", "2025-Q1,", "2025-Q1,", "时段 2025-Q1 写法不对，应如 2024-07"),
    "period that does not exist": (RIVER, "2025-03,", "2025-13,", "2025-13,", "时段 2025-13 写法不对"),
    "figure twice": (RIVER, "phosphorus-monthly,2025-02,0.22,yearbook,2025-03-20", "phosphorus-monthly,2025-01,0.22,yearbook,2025-02-20", "0.22,yearbook,2025-02-20", "数据重复（phosphorus-monthly 2025-01 2025-02-20），已见于 figures/river.csv:2"),
    "item twice": (OUTFALLS, "Outfall 2,2025-12-31,,", "Outfall 1,2025-12-31,,", "Outfall 1,2025-12-31", "数据重复（outfall-register Outfall 1 2025-02-01）"),
    "published before the period ended": (RIVER, "2025-04-20", "2025-03-20,early", None, "有 7 格，表头有 6 列"),
    "published too early": (RIVER, "2025-03,0.20,yearbook,2025-04-20", "2025-03,0.20,yearbook,2025-03-20", "2025-03,0.20,", "公布日 2025-03-20 早于数据日 2025-03-31"),
    "done after it was known": (OUTFALLS, "2026-02-02,1,invented,2026-02-10", "2026-02-12,1,invented,2026-02-10", "2026-02-12", "公布日 2026-02-10 早于数据日 2026-02-12"),
    "item in a series of periods": (OUTFALLS, "outfall-register,Outfall 4", "fertiliser-yearly,Outfall 4", "Outfall 4", "数列 fertiliser-yearly 的频率为 year，不能写在这类表中"),
    "period in a series of items": (REPORTED, "page-progress,2026-03-31", "outfall-register,2026-03-31", "outfall-register", "数列 outfall-register 的频率为 items，不能写在这类表中"),
}  # fmt: skip
ELSEWHERE = {
    "target twice": (TARGETS, 15),
    "task without target": (PLAN, 21),
    "published before the period ended": (RIVER, 4),
}


@pytest.mark.parametrize("name", CASES)
def test_says_what_is_wrong_and_where(name, tmp_path):
    file, old, new, passage, words = CASES[name]
    folder = copied(tmp_path)
    spoil(folder, file, old, new)
    place = ELSEWHERE.get(name) or (file, line_of(folder, file, passage))
    found = [p for p in inspect(folder)[1] if (p.file, p.line) == place and words in p.zh]
    assert len(found) == 1, "\n".join(str(p) for p in inspect(folder)[1])
    assert found[0].en and not set("，。；、：“”") & set(found[0].en)


def test_the_sample_is_clean():
    assert inspect(SAMPLE)[1] == []


def test_a_correction_is_a_later_row():
    programme = inspect(SAMPLE)[0]
    values = [f.value for f in programme.figures if f.series == "leakage-quarterly" and f.period == "2026-Q2"]
    assert [str(v) for v in values] == ["10.8", "10.9"]


def test_a_refused_entry_is_told_once_and_not_where_it_is_named(tmp_path):
    folder = copied(tmp_path)
    spoil(folder, BODIES, "name: Farm Office, full: Riverbend Farm Office, ", "")
    problems = inspect(folder)[1]
    assert [str(p) for p in problems] == ["bodies.yaml:3: 缺少“name”，请补上"]


@pytest.mark.parametrize("file", [BODIES, METRICS, SOURCES, TARGETS])
def test_a_file_that_cannot_be_read_is_told_once(file, tmp_path):
    folder = copied(tmp_path)
    (folder / file).write_bytes(b"\xff\xfe")
    assert [p.file for p in inspect(folder)[1]] == [file]


def test_a_refused_target_leaves_no_task_unjudged(tmp_path):
    folder = copied(tmp_path)
    spoil(folder, TARGETS, "due: 2026-09-30", "due: soon")
    assert [(p.file, p.line) for p in inspect(folder)[1]] == [(TARGETS, 83)]


def test_an_empty_list_is_known_to_be_empty(tmp_path):
    folder = copied(tmp_path)
    (folder / BODIES).write_text("bodies: []\n")
    assert "plan.yaml:20: 部门 farm 不在 bodies.yaml 中，请先登记或改正" in [str(p) for p in inspect(folder)[1]]


def test_all_problems_at_once_in_order_of_file_and_line(tmp_path):
    folder = copied(tmp_path)
    spoil(folder, PLAN, "theme: 1", "theme: 7")
    spoil(folder, PLAN, "[farm]", "[barn]")
    spoil(folder, RIVER, "2025-03,0.20", "2025-03,abc")
    problems = inspect(folder)[1]
    assert [(p.file, p.line) for p in problems] == [("figures/river.csv", 4), ("plan.yaml", 8), ("plan.yaml", 20)]
