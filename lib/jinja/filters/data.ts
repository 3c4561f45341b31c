import { flagArgument, intArgument, textArgument } from '../python/arguments.ts';
import { PyError } from '../python/error.ts';
import { native } from '../python/native.ts';
import type { Native } from '../python/native.ts';
import { parseJson } from '../json-parse.ts';
import { pythonStr } from '../python/repr.ts';
import { Undefined } from '../python/undefined.ts';
import { isFloat, isInt, PyObject, typeName } from '../python/value.ts';
import type { Val } from '../python/value.ts';
import { dumpJson } from './json-dump.ts';
import { prettyPrint } from './pretty-print.ts';
import { doubleQuoted, dumpYaml, singleQuoted } from './yaml-dump.ts';

/** Filters that write data as text, and read it. */
export const dataFilters: readonly Native[] = [
  native('json', 'value sort_keys= indent=', ([value = null, sortKeys, indent]) =>
    dumpJson(value, { sortKeys: flagArgument(sortKeys, true), asciiOnly: false, indent: indentText(indent) }),
  ),
  native('tojson', 'value indent= sort_keys= ensure_ascii=', ([value = null, indent, sortKeys, ascii]) =>
    dumpJson(value, {
      sortKeys: flagArgument(sortKeys, false),
      asciiOnly: flagArgument(ascii, true),
      indent: indentText(indent),
    }).replace(/[<>&']/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`),
  ),
  native('yaml', 'value flow_style=', ([value = null, flow]) => dumpYaml(value, flagArgument(flow, true))),
  native('yaml_dquote', 'text', ([value = null]) => doubleQuoted(pythonStr(value))),
  native('yaml_squote', 'text', ([value = null]) => singleQuoted(pythonStr(value))),
  native('yaml_encode', 'data', ([value = null]) => yamlEncode(value)),
  native('python', 'value', ([value = null]) => prettyPrint(value)),
  native('pprint', 'value', ([value = null]) => prettyPrint(value)),
  native('load_yaml', 'value', ([value = null], environment) => environment.loadYaml(loadable(value))),
  native('load_json', 'value', ([value = null]) => parseJson(loadable(value))),
  native('load_text', 'value', ([value = null]) => (isModule(value) ? pythonStr(value) : value)),
];

/** A text to be read: an imported template is what it wrote. */
function loadable(value: Val): string {
  return isModule(value) ? pythonStr(value) : textArgument(value);
}

function isModule(value: Val): boolean {
  return typeName(value) === 'TemplateModule';
}

function indentText(indent: Val | undefined): string | undefined {
  if (indent === undefined || indent === null) return undefined;
  return typeof indent === 'string' ? indent : ' '.repeat(Math.min(intArgument(indent, 0), 100));
}

function yamlEncode(value: Val): string {
  if (value instanceof Undefined) value.fail();
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return doubleQuoted(value);
  if (isInt(value)) return pythonStr(value);
  if (!(value instanceof PyObject) && isFloat(value)) return dumpYaml(value, false);
  throw new PyError('TypeError', 'yaml_encode only works with scalars');
}
