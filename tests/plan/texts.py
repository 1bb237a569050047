"""Invented plans to read in tests: no such district exists."""

HEAD = "青溪区水环境治理行动计划（2025—2027年）\n"


def plan(*tasks: str, goals: str = "", head: str = HEAD, chapter: str = "二、重点任务") -> str:
    """A small plan; each task is a paragraph without its number."""
    opening = f"一、工作目标\n{goals}\n" if goals else ""
    lines = "\n".join(f"{i}.{task}" for i, task in enumerate(tasks, 1))
    return f"{head}{opening}{chapter}\n（一）加强治理\n{lines}\n"


def task(text: str, duty: str = "（责任单位：区水务局）") -> str:
    return f"整治河道环境。{text}{duty}"
