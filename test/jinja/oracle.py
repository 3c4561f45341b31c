"""Renders templates with the real Jinja2: one JSON object a line in, one a line out.

In: {"template": text, "vars": {...}, "files": {name: text}}. Out: {"text": …} or {"error": "syntax|undefined|runtime", "message": …}.
"""

import collections.abc
import functools
import json
import sys

import jinja2
import jinja2.sandbox
import markupsafe
import yaml


class OrderedSet(set):
    """A set that shows its members in the order in which they came, so that it can be compared."""

    def __init__(self, items):
        self.order = list(dict.fromkeys(items))
        super().__init__(self.order)

    def __iter__(self):
        return iter(self.order)

    def __repr__(self):
        return "{%s}" % ", ".join(map(repr, self.order)) if self.order else "set()"


def salt_unique(values):
    if isinstance(values, collections.abc.Hashable):
        return OrderedSet(values)
    seen = []
    for value in values:
        if value not in seen:
            seen.append(value)
    return seen


def salt_yaml(value, flow_style=True):
    text = yaml.dump(value, Dumper=yaml.CSafeDumper, default_flow_style=flow_style, allow_unicode=True).strip()
    return text[:-4] if text.endswith("\n...") else text


def plain(call):
    """The same filter without Markup: nothing here is HTML."""

    @functools.wraps(call)
    def wrapped(*args, **kwargs):
        result = call(*args, **kwargs)
        return str(result) if isinstance(result, markupsafe.Markup) else result

    return wrapped


def environment(case):
    made = jinja2.sandbox.SandboxedEnvironment(
        undefined=jinja2.StrictUndefined,
        # Folding constants changes which error comes first, and what a slice of a number is.
        optimized=False,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        loader=jinja2.DictLoader(case.get("files", {})),
        trim_blocks=case.get("trim", False),
        lstrip_blocks=case.get("lstrip", False),
    )
    # Where Salt replaces Jinja's own, so does this.
    made.policies["json.dumps_kwargs"] = {"sort_keys": False}
    for name in ("e", "escape", "forceescape", "safe", "striptags", "tojson", "xmlattr"):
        made.filters[name] = plain(made.filters[name])
    made.filters["min"] = lambda values: min(values)
    made.filters["max"] = lambda values: max(values)
    made.filters["unique"] = salt_unique
    made.filters["yaml"] = salt_yaml
    made.tests["list"] = lambda value: isinstance(value, list)
    return made


def answer(case):
    try:
        template = environment(case).from_string(case["template"])
        return {"text": template.render(case["vars"])}
    except jinja2.TemplateSyntaxError as error:
        return {"error": "syntax", "message": str(error)}
    except jinja2.UndefinedError as error:
        return {"error": "undefined", "message": str(error)}
    except Exception as error:
        return {"error": "runtime", "message": "%s: %s" % (type(error).__name__, error)}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
