"""Reading a plan from .docx bytes, beside the bare cost of reading the same .docx with python-docx.

Repeat with:  python benchmarks/reading.py            (about half a minute)
Other sizes:  python benchmarks/reading.py --tasks 400 --rounds 9

The document is generated: chapters, themes, numbered tasks with responsibility clauses and figures, and a task table, in
the proportions of a district's action plan (some 200 characters a task, about one figure in each). "Bare" opens the file with python-docx and takes the text of every paragraph
and table cell; "reading" is bytes → text → Reading. The two take turns, so that a busy machine slows both alike.
"""

from __future__ import annotations

import argparse
import gc
import io
import random
import statistics
import sys
import time

from docx import Document

from qingshan.plan.document import read
from qingshan.plan.importing import text_of

LIMIT = 3.0
SHARE = 0.3  # of the sentences hold a figure or a date; a three-year plan of a district has about one in four
BODIES = [
    "区发展改革委",
    "区生态环境局",
    "区水务局",
    "区农业农村委",
    "区建设管理委",
    "区绿化市容局",
    "区交通委",
    "区经委",
    "区财政局",
    "各街镇",
]
FIGURES = (
    "推进重点行业企业源头减排，完成{n}家企业清洁化改造。",
    "到2027年，污水集中收集处理率达到{p}%以上，再生水利用率不低于{q}%。",
    "新建绿道{n}公里，建成口袋公园{m}座。",
    "每年开展科普宣传活动不少于{m}场，引导公众广泛参与。",
    "2026年底前，基本建成覆盖全区的监测网络。",
)
PROSE = (
    "健全部门协同、分级负责的工作机制，强化日常巡查、问题整改和信息共享，推动责任落实到岗到人。",
    "推动老旧管网更新改造，逐步消除设施短板，提升运行维护水平，保障设施长期稳定运行。",
    "坚持源头防控、过程严管和末端治理相结合，聚焦重点区域、重点行业和突出问题，持续改善生态环境质量。",
    "支持企业加大技术改造投入，推广先进适用工艺和装备，鼓励开展清洁生产审核和节能诊断服务。",
    "加强与周边地区的沟通协作，完善信息通报、联合执法和应急联动机制，共同维护区域生态环境安全。",
)


def sentences(rng: random.Random, count: int) -> str:
    figures = {"n": rng.randint(5, 90), "m": rng.randint(2, 40), "p": rng.randint(70, 99), "q": rng.randint(20, 60)}
    kinds = (FIGURES if rng.random() < SHARE else PROSE for _ in range(count))
    return "".join(rng.choice(kind).format(**figures) for kind in kinds)


def document(tasks: int, seed: int = 7) -> bytes:
    rng = random.Random(seed)
    page = Document()
    for line in (
        "青溪区生态环境保护三年行动计划（2025—2027年）",
        "为改善全区生态环境质量，制定本行动计划。",
        "一、总体要求",
        sentences(rng, 8),
        "二、重点任务",
    ):
        page.add_paragraph(line)
    for i in range(1, tasks + 1):
        if i % 8 == 1:
            page.add_paragraph(f"（{'一二三四五六七八九十'[i // 8 % 10]}）推进重点领域治理")
        duty = "、".join(rng.sample(BODIES, rng.randint(1, 6)))
        page.add_paragraph(f"{i}. 实施第{'甲乙丙丁戊己庚辛'[i % 8]}类工程。{sentences(rng, 4)}（责任单位：{duty}）")
    table = page.add_table(rows=1, cols=4)
    for cell, words in zip(table.rows[0].cells, ("序号", "重点任务", "责任单位", "完成时限"), strict=True):
        cell.text = words
    for i in range(1, tasks // 4):
        for cell, words in zip(
            table.add_row().cells, (str(i), sentences(rng, 1), rng.choice(BODIES), "2027年12月"), strict=True
        ):
            cell.text = words
    kept = io.BytesIO()
    page.save(kept)
    return kept.getvalue()


def bare(data: bytes) -> int:
    page = Document(io.BytesIO(data))
    letters = sum(len(paragraph.text) for paragraph in page.paragraphs)
    return letters + sum(len(cell.text) for table in page.tables for row in table.rows for cell in row.cells)


def reading(data: bytes) -> int:
    return len(read(text_of(data, "plan.docx")).tasks)


def timed(action, data: bytes) -> float:
    gc.collect()  # neither pays for what the other left behind
    start = time.perf_counter()
    action(data)
    return time.perf_counter() - start


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--tasks", type=int, default=120)
    options.add_argument("--rounds", type=int, default=9)
    asked = options.parse_args()
    data = document(asked.tasks)
    letters = len(text_of(data, "plan.docx"))
    bare(data), reading(data)
    pairs = [(timed(bare, data), timed(reading, data)) for _ in range(asked.rounds)]
    base, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    print(f"document            {letters} characters, {reading(data)} tasks, {len(data)} bytes of .docx")
    print(f"python-docx alone   median {base * 1000:8.1f} ms   {letters / base:10.0f} characters/s")
    print(f"bytes → Reading     median {ours * 1000:8.1f} ms   {letters / ours:10.0f} characters/s")
    print(f"ratio               median {ratio:8.2f}      (limit {LIMIT:.0f}, {asked.rounds} rounds in turn)")
    print("repeat with         python benchmarks/reading.py")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
