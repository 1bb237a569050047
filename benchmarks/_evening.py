"""The liaisons of reporting.py, in a process of their own: each signs in, and at one signal fills in and hands in.

    python _evening.py ADDRESS PROGRAMME PASSWORD PAUSE_FROM PAUSE_TO TOGETHER USER…

PAUSE_FROM 0: nobody waits. TOGETHER: how many report at the same time. Prints one line of JSON.
"""

import json
import random
import re
import sys
import time
from collections import defaultdict

import gevent
from gevent.event import Event
from gevent.pool import Pool
from locust import HttpUser
from locust.env import Environment

ADDRESS, PROGRAMME, PASSWORD = sys.argv[1:4]
PAUSE, TOGETHER, USERS = (float(sys.argv[4]), float(sys.argv[5])), int(sys.argv[6]), sys.argv[7:]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
NUMBER = re.compile(r'name="number-(\d+)"[^>]*value="(\d+)"')
CLAIM = re.compile(r'<(input|select)[^>]*name="claim-(\d+)"')
DONE, SAVED = "已报送（第 1 次）", "已保存"


class Liaison(HttpUser):
    host = ADDRESS
    abstract = False


class Evening:
    """One evening; what took how long, what was answered, what failed."""

    def __init__(self):
        self.environment = Environment(user_classes=[Liaison], host=ADDRESS)
        self.took, self.failed, self.handed_in, self.saved = defaultdict(list), [], {}, {}
        self.begin, self.dice = Event(), random.Random(7)

    def timed(self, step, user, method, url, good, **more):
        begun = time.perf_counter()
        answer = getattr(user.client, method)(url, name=step, **more)
        took = time.perf_counter() - begun
        if good(answer):
            self.took[step].append(took)
        else:
            self.failed.append(f"{step} {url}: {answer.status_code} {answer.error or ''}")
        return answer

    def sign_in(self, name):
        user = Liaison(self.environment)
        token = TOKEN.search(user.client.get("/sign-in/").text)[1]
        form = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token}
        self.timed(
            "sign in", user, "post", "/sign-in/", lambda got: got.status_code == 302, data=form, allow_redirects=False
        )
        return user

    def report(self, name, user):
        place = f"/{PROGRAMME}/reports/quarterly/2026-Q2/{name}/"
        self.pause()  # nobody clicks in the same second
        self.timed("list", user, "get", f"/{PROGRAMME}/reports/", lambda got: got.ok)
        page = self.timed("open", user, "get", place, lambda got: got.ok and "number-" in got.text).text
        token, numbers = TOKEN.search(page)[1], dict(NUMBER.findall(page))
        form = {"csrfmiddlewaretoken": token}
        choices = {pk: kind for kind, pk in CLAIM.findall(page)}
        for pk in numbers:
            self.pause()
            answer = {f"progress-{pk}": f"{name} 已办到第 {pk} 步", f"number-{pk}": numbers[pk]}
            if pk in choices:
                answer[f"claim-{pk}"] = "1" if choices[pk] == "select" else "42"
            got = self.timed("line", user, "post", f"{place}lines/{pk}/", lambda got: got.ok and SAVED in got.text,
                             data=answer | {"csrfmiddlewaretoken": token})  # fmt: skip
            told = dict(NUMBER.findall(got.text))
            if told.get(pk):
                answer[f"number-{pk}"] = told[pk]
                self.saved[pk] = answer[f"progress-{pk}"]
            form |= answer
        self.pause()
        self.timed("hand in", user, "post", f"{place}save/", lambda got: got.status_code == 302, data=form | {"submit": "1"},
                   allow_redirects=False)  # fmt: skip
        seen = self.timed("read back", user, "get", place, lambda got: got.ok)
        if DONE in seen.text:
            self.handed_in[name] = 1
        else:
            self.failed.append(f"{name}: not told that it is handed in")

    def pause(self):
        gevent.sleep(self.dice.uniform(*PAUSE))

    def alone(self):
        for name in USERS:
            self.report(name, self.sign_in(name))

    def together(self):
        users, doors = {}, Pool(8)  # they came in over the afternoon
        for name in USERS:
            doors.spawn(lambda name=name: users.__setitem__(name, self.sign_in(name)))
        doors.join()
        self.began = time.perf_counter()
        gevent.joinall([gevent.spawn(self.report, name, user) for name, user in users.items()], raise_error=True)


def main():
    evening = Evening()
    evening.began = time.perf_counter()
    evening.alone() if TOGETHER == 1 else evening.together()
    told = {
        "took": evening.took,
        "failed": evening.failed,
        "handed in": evening.handed_in,
        "saved": evening.saved,
        "seconds": time.perf_counter() - evening.began,
    }
    print(json.dumps(told, ensure_ascii=False))


main()
