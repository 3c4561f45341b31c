import type { Json, JsonObject } from '../model/json.ts';
import type { Dict, Grains, Value } from '../model/value.ts';

/** Grains as JSON, to be printed or recorded. Keys are written as text. */
export function valueToJson(value: Value): Json {
  if (Array.isArray(value)) return value.map(valueToJson);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [keyText(key), valueToJson(item)]));
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'object' && value !== null) return value.float;
  return value;
}

function keyText(key: Value): string {
  const json = valueToJson(key);
  return typeof json === 'string' ? json : JSON.stringify(json);
}

/** Recorded grains as templates see them. */
export function grainsFromJson(json: Json): Grains {
  return new Map<Value, Value>(
    isObject(json) ? Object.entries(json).map(([key, item]) => [key, valueFromJson(item)]) : [],
  );
}

/** A JSON value as templates see it. */
export function valueFromJson(json: Json): Value {
  if (isObject(json)) return grainsFromJson(json);
  if (typeof json === 'object' && json !== null) return json.map((item) => valueFromJson(item));
  if (typeof json === 'number' && !Number.isInteger(json)) return { float: json };
  return json;
}

function isObject(json: Json): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** What a host is taken for that nobody has asked yet: a plain Debian 12 on x86_64 with systemd. */
export function assumedGrains(name: string): Grains {
  return new Map<Value, Value>([
    ['id', name],
    ['host', name.split('.')[0] ?? name],
    ['fqdn', name],
    ['nodename', name],
    ['localhost', name],
    ['domain', name.split('.').slice(1).join('.')],
    ['kernel', 'Linux'],
    ['cpuarch', 'x86_64'],
    ['osarch', 'amd64'],
    ['os', 'Debian'],
    ['os_family', 'Debian'],
    ['osfullname', 'Debian GNU/Linux'],
    ['oscodename', 'bookworm'],
    ['osrelease', '12'],
    ['osrelease_info', [12]],
    ['osmajorrelease', 12],
    ['osfinger', 'Debian-12'],
    ['lsb_distrib_id', 'Debian'],
    ['lsb_distrib_codename', 'bookworm'],
    ['init', 'systemd'],
    ['num_cpus', 1],
    ['mem_total', 1024],
    ['virtual', 'kvm'],
    ['ipv4', ['127.0.0.1']],
    ['ipv6', ['::1']],
    ['ip4_interfaces', new Map<Value, Value>([['lo', ['127.0.0.1']]]) satisfies Dict],
    ['ip6_interfaces', new Map<Value, Value>([['lo', ['::1']]]) satisfies Dict],
    ['ip_interfaces', new Map<Value, Value>([['lo', ['127.0.0.1', '::1']]]) satisfies Dict],
    ['hwaddr_interfaces', new Map<Value, Value>([['lo', '00:00:00:00:00:00']]) satisfies Dict],
  ]);
}
