"""Reads YAML documents as Salt 3006 does: the oracle of the yaml tests.

Stdin: a JSON list of texts. Stdout: a JSON list of {"value": ...} or {"error": "..."}.
PyYAML's safe loader does the work; the rules Salt lays over it are modelled here from its documented behaviour.
Values are tagged so that JSON keeps Python's types apart.
"""

import base64
import collections
import json
import sys

import yaml
from yaml.constructor import ConstructorError
from yaml.nodes import MappingNode, SequenceNode

TAG = "tag:yaml.org,2002:"


class Refused(Exception):
    """Something slab refuses on purpose where PyYAML goes on: values that contain themselves, sets, pairs."""


class Loader(yaml.CSafeLoader):
    def construct_scalar(self, node):
        if node.tag == TAG + "int" and isinstance(node.value, str):
            text = node.value
            if text.startswith("0") and text[:2] not in ("0b", "0x"):
                node.value = text.lstrip("0") or "0"
        return super().construct_scalar(node)

    def flatten_mapping(self, node):
        merged, own = [], []
        for key, value in node.value:
            if key.tag == TAG + "merge":
                parts = value.value[::-1] if isinstance(value, SequenceNode) else [value]
                for part in parts:
                    if not isinstance(part, MappingNode):
                        raise ConstructorError(None, None, "cannot be merged", part.start_mark)
                    self.flatten_mapping(part)
                    merged.extend(part.value)
            else:
                if key.tag == TAG + "value":
                    key.tag = TAG + "str"
                own.append((key, value))
        hidden = [key.value for key, _ in own]
        node.value = [pair for pair in merged if pair[0].value not in hidden] + own

    def construct_mapping(self, node, deep=False):
        if not isinstance(node, MappingNode):
            raise ConstructorError(None, None, "expected a mapping", node.start_mark)
        self.flatten_mapping(node)
        result = collections.OrderedDict()
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=deep)
            hash(key)
            value = self.construct_object(value_node, deep=deep)
            if key in result:
                raise ConstructorError(None, None, "found conflicting ID", key_node.start_mark)
            result[key] = value
        return result

    def salt_map(self, node):
        data = collections.OrderedDict()
        yield data
        data.update(self.construct_mapping(node))

    def salt_text(self, node):
        return self.construct_scalar(node)

    def strict_binary(self, node):
        """PyYAML drops what is not base64; slab refuses it."""
        text = self.construct_scalar(node)
        return base64.b64decode(text.translate({ord(c): None for c in " \t\r\n"}), validate=True)

    def refuse(self, node):
        raise Refused(node.tag)


for name, function in (
    ("map", Loader.salt_map),
    ("omap", Loader.salt_map),
    ("str", Loader.salt_text),
    ("timestamp", Loader.salt_text),
    ("python/unicode", Loader.salt_text),
    ("binary", Loader.strict_binary),
    ("set", Loader.refuse),
    ("pairs", Loader.refuse),
):
    Loader.add_constructor(TAG + name, function)


def tagged(value, above=()):
    if id(value) in above:
        raise Refused("contains itself")
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return {"int": hex(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, bytes):
        return value.decode("utf-8")
    above = (*above, id(value))
    if isinstance(value, dict):
        return {"map": [[tagged(k, above), tagged(v, above)] for k, v in value.items()]}
    if isinstance(value, list):
        return [tagged(item, above) for item in value]
    raise Refused(type(value).__name__)


def read(text):
    try:
        return {"value": tagged(yaml.load(text, Loader=Loader))}
    except Exception as error:  # whatever Salt would die of is an error to a person
        return {"error": "%s: %s" % (type(error).__name__, str(error)[:300])}


json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
