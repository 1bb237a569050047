"""A small plan of a district that does not exist, written for tests."""

TEXT = """青禾区人民政府办公室

青禾府办发〔2025〕8号

关于印发《青禾区清洁家园三年行动计划（2025—2027年）》的通知

各镇政府、街道办事处，区政府各部门：

《青禾区清洁家园三年行动计划（2025—2027年）》已经区政府同意，现印发给你们，请认真组织实施。

青禾区人民政府办公室

2025年3月6日

青禾区清洁家园三年行动计划（2025—2027年）

为建设清洁家园，制定本行动计划。

一、总体要求

到2027年，细颗粒物年平均浓度力争不高于30微克/立方米，河道断面水质优良比例达到88%。

二、主要任务

（一）守护蓝天碧水

1.治理扬尘污染。对在建工地加强巡查，到2026年，工地扬尘在线监测覆盖率达到95%以上。（责任部门：区建管委、区生态环境局）

2.整治排污口。完成120个排污口整治，每年开展河道保洁300次。河道透明度0.6米。（责任部门：区水务局、青禾供水公司）

（二）建设美丽家园

3.建设绿道公园。新建绿道18公里，到2026年建成滨河公园。（责任部门：区绿化市容局）

4.营造良好氛围。加强宣传引导。（责任部门：区绿化市容局）
"""

# The same plan a year later: one number stricter, one task gone, one new.
LATER = (
    TEXT.replace("〔2025〕8号", "〔2026〕11号")
    .replace("2025年3月6日", "2026年4月9日")
    .replace("优良比例达到88%", "优良比例达到92%")
    .replace("3.建设绿道公园。新建绿道18公里，到2026年建成滨河公园。（责任部门：区绿化市容局）",
             "3.回收废旧衣物。建成回收点40个。（责任部门：区绿化市容局、区商务委）")
)  # fmt: skip

NO_PLAN = "关于2025年清明节放假安排的通知\n\n各单位：\n\n4月4日至6日放假，共3天。请各单位做好值班。\n\n2025年3月20日\n"

BODIES = [
    {"code": "jgw", "name": "区建管委", "full_name": "青禾区建设和管理委员会", "name_en": "Construction Commission", "aliases": []},
    {"code": "sthjj", "name": "区生态环境局", "full_name": "", "name_en": "Ecology Bureau", "aliases": ["区环保局"]},
    {"code": "swj", "name": "区水务局", "full_name": "", "name_en": "Water Bureau", "aliases": []},
    {"code": "lhsrj", "name": "区绿化市容局", "full_name": "", "name_en": "Greening Bureau", "aliases": []},
]  # fmt: skip


def data(text: str = TEXT) -> bytes:
    return text.encode()
