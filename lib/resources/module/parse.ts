import type { Json, JsonObject } from '../../model/json.ts';
import type { Complaint, FunctionSpec, ParseInput, Parsed } from '../../model/resource.ts';
import { isConditional, uniqueId } from '../conditional.ts';

/** One execution function that is called. */
export interface Call {
  readonly fun: string;
  /** What it is about: the service. */
  readonly name: string;
}

/** Execution functions to call. */
export interface ModuleDeclared {
  readonly id: string;
  readonly calls: readonly Call[];
  /** They are called only when a watched state changes. */
  readonly waits: boolean;
  /** Nothing keeps them from being called each time. */
  readonly unconditional: boolean;
}

/** Functions that can be called, and whether they need a name. */
const callable: Readonly<Record<string, boolean>> = {
  'service.restart': true,
  'service.reload': true,
  'service.start': true,
  'service.stop': true,
  'service.systemctl_reload': false,
  'pkg.refresh_db': false,
  'system.reboot': false,
};

/** What to write instead of functions that people often call. */
const instead: Readonly<Record<string, string>> = {
  'cmd.run': 'write it as a state cmd.run, with onchanges where it was module.wait',
  'file.remove': 'write it as a state file.absent',
  'pkg.install': 'write it as a state pkg.installed',
  'service.enable': 'write it as a state service.enabled',
  'service.disable': 'write it as a state service.disabled',
};

const newStyle: JsonObject = Object.fromEntries(
  Object.entries(callable).map(([fun, needsName]) => [
    fun,
    {
      anyOf: [
        { type: 'null' },
        { type: 'string' },
        { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'object' }] } },
        { type: 'object' },
      ],
      title: needsName ? 'a list with the name of the service' : 'nothing',
      description: needsName ? 'calls it with `- name: SERVICE`' : 'calls it',
    },
  ]),
);

const schema: JsonObject = {
  type: 'object',
  additionalProperties: false,
  properties: {
    name: { type: 'string', description: 'the function to call; by default the ID of the state' },
    m_name: {
      type: 'string',
      pattern: '^[A-Za-z0-9_.@:\\\\-]+$',
      title: 'the name of a service',
      description: 'what it is called with',
    },
    ...newStyle,
  },
};

/** The functions of Salt's module `module`, for a few execution functions. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  run: {
    summary: 'calls an execution function',
    schema,
    examples: [
      'reboot:\n  module.run:\n    - name: system.reboot\n    - onchanges:\n      - file: /etc/modprobe.d/site.conf\n\n/etc/modprobe.d/site.conf:\n  file.managed:\n    - contents: blacklist floppy\n',
      'read units anew:\n  module.run:\n    - name: service.systemctl_reload\n    - onchanges:\n      - file: /etc/systemd/system/site.service\n\n/etc/systemd/system/site.service:\n  file.managed:\n    - contents: |\n        [Service]\n        ExecStart=/bin/true\n',
    ],
  },
  wait: {
    summary: 'calls an execution function when a watched state changes',
    schema,
    examples: [
      'reload it:\n  module.wait:\n    - name: service.reload\n    - m_name: nginx\n    - watch:\n      - file: /etc/nginx/nginx.conf\n\n/etc/nginx/nginx.conf:\n  file.managed:\n    - contents: events {}\n',
    ],
  },
};

/** Reads a chunk of this kind. */
export function parseModule({ chunk, fun, name, args }: ParseInput): Parsed<ModuleDeclared> {
  const complaints: Complaint[] = [];
  const called = Object.keys(args).filter((key) => key in callable);
  const calls =
    called.length > 0
      ? called.map((key) => newCall(key, args[key] ?? null))
      : [{ fun: name, name: typeof args['m_name'] === 'string' ? args['m_name'] : '' }];
  for (const call of calls) {
    const needsName = callable[call.fun];
    const at = called.length > 0 ? [call.fun] : ['name'];
    if (needsName === undefined)
      complaints.push({
        at,
        summary: `slab does not call ${call.fun}`,
        why: `it calls ${Object.keys(callable).join(', ')}`,
        ...(instead[call.fun] === undefined ? {} : { fix: instead[call.fun] }),
      });
    else if (needsName && !/^[A-Za-z0-9_.@:\\-]+$/.test(call.name))
      complaints.push({
        at,
        summary: `${call.fun} needs the name of a service`,
        fix: called.length > 0 ? `write "- ${call.fun}: [{name: nginx}]"` : 'add "- m_name: nginx"',
      });
  }
  const waits = fun === 'wait';
  const unconditional = !waits && !isConditional(chunk);
  const reboot = calls.findIndex((call) => call.fun === 'system.reboot');
  if (reboot >= 0 && unconditional)
    complaints.push({
      at: [],
      summary: 'this would reboot the host each time it runs',
      fix: 'say when: "- onchanges: [{file: /etc/default/grub}]", or "- onlyif: test -e /run/reboot-required"',
    });
  if (reboot >= 0 && calls.length > 1)
    complaints.push({ at: [], summary: 'system.reboot stands alone: nothing can be called after it' });
  if (complaints.length > 0) return { complaints };
  return {
    declared: {
      id: uniqueId(chunk, name),
      calls,
      waits,
      unconditional,
    },
  };
}

/** `service.restart: [{name: nginx}]`, or `[nginx]`. */
function newCall(fun: string, written: Json): Call {
  const first = (Array.isArray(written) ? (written as readonly Json[])[0] : written) ?? '';
  if (typeof first === 'string') return { fun, name: first };
  const { name = '' } = first as JsonObject;
  return { fun, name: typeof name === 'string' ? name : '' };
}
