"""Writes values as PyYAML's safe_dump does with libyaml, which Salt takes where it is: the oracle of the dump tests.

Stdin: a JSON list of {"text": YAML, "flow": bool or null, "sort": bool}. Stdout: a JSON list of texts.
"""

import json
import sys

import yaml


class Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data):
        return True


class Loader(yaml.SafeLoader):
    """Dates stay text, as in Salt."""


Loader.add_constructor("tag:yaml.org,2002:timestamp", Loader.construct_yaml_str)


def dump(case):
    value = yaml.load(case["text"], Loader=Loader)
    text = yaml.dump(
        value,
        Dumper=Dumper,
        allow_unicode=True,
        default_flow_style=case["flow"],
        sort_keys=case["sort"],
    )
    return text[:-4] if text.endswith("\n...\n") and not isinstance(value, (dict, list)) else text


json.dump([dump(case).rstrip("\n") for case in json.load(sys.stdin)], sys.stdout)
