"""Applies patterns with Python's own re: one JSON object a line in, one a line out.

In: {"pattern", "text", "by"}. Out: {"error": message} or {"unknown": true} when it takes too long or the results of match, fullmatch, search, finditer, split and sub.
"""

import json
import re
import signal
import sys
import warnings

warnings.simplefilter("ignore")


# Python before 3.11.5 goes on behind what a possessive group took in vain (python/cpython#106052).
BROKEN = re.compile(r"\)(?:[*+?]|\{[0-9,]*\})\+") if sys.version_info < (3, 11, 5) else None


def shown(match):
    return None if match is None else [match.start(), match.end(), *match.groups()]


def replaced(pattern, case):
    try:
        return pattern.sub(case["by"], case["text"])
    except (re.error, IndexError) as error:
        return "error: %s" % error


def answer(case):
    text = case["text"]
    if BROKEN and BROKEN.search(case["pattern"]):
        return {"unknown": True}
    try:
        pattern = re.compile(case["pattern"])
    except (re.error, OverflowError) as error:
        return {"error": str(error)}
    return {
        "match": shown(pattern.match(text)),
        "fullmatch": shown(pattern.fullmatch(text)),
        "search": shown(pattern.search(text)),
        "all": [shown(found) for found in pattern.finditer(text)],
        "split": pattern.split(text),
        "sub": replaced(pattern, case),
    }


class Endless(Exception):
    pass


def give_up(*_):
    raise Endless


signal.signal(signal.SIGVTALRM, give_up)
for line in sys.stdin:
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.3)
    try:
        given = answer(json.loads(line))
    except Endless:
        given = {"unknown": True}
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    print(json.dumps(given), flush=True)
