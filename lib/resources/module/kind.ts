import type { Change, ObjectKey } from '../../model/change.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { sh } from '../../shell/sh.ts';
import { defineKind } from '../define-kind.ts';
import { functions, parseModule, type ModuleDeclared } from './parse.ts';

const call = scriptFile(import.meta.url, './call.sh');

/** Salt's module `module`: execution functions as states; the few that public formulas call. */
export const module = defineKind<ModuleDeclared, null>({
  name: 'module',
  summary: 'execution functions as states',
  functions,
  parse: parseModule,
  identify: (declared) => [objectKey(declared)],
  needs: ({ calls }) => calls.flatMap(({ name }): ObjectKey[] => (name === '' ? [] : [`service:${name}`])),
  // There is nothing on the host that a call could be compared with.
  probe: () => sh`:`,
  observe: (_result, declared) => declared.map(() => null),
  diff: (declared) => ({
    changes: declared.waits ? [] : [change(declared)],
    predicted: {},
    ...(declared.unconditional ? { notes: ['runs every time: it has no unless, onlyif or onchanges'] } : {}),
  }),
  steps,
  refresh: (declared) => ({
    change: { ...change(declared), why: 'a watched state changed' },
    steps: steps(declared),
  }),
  alwaysRuns: ({ unconditional }) => unconditional,
});

/** `#` would name a part of an object. */
function objectKey({ id }: ModuleDeclared): ObjectKey {
  return `module:${id.replaceAll('#', '%23')}`;
}

function change(declared: ModuleDeclared): Change {
  return {
    object: objectKey(declared),
    field: 'call',
    action: 'run',
    before: null,
    after: declared.calls.map(({ fun, name }) => `${fun} ${name}`.trim()).join(', '),
    risk: riskOf(declared),
    certainty: 'exact',
  };
}

function riskOf({ calls }: ModuleDeclared): Change['risk'] {
  if (calls.some(({ fun }) => fun === 'system.reboot')) return 'reboot';
  return calls.some(({ name }) => name !== '') ? 'disrupt' : 'change';
}

function steps(declared: ModuleDeclared): readonly Step[] {
  return declared.calls.map(({ fun, name }) => ({
    title: `call ${fun} ${name}`.trim(),
    script: call(name === '' ? [fun] : [fun, name]),
    risk: riskOf(declared),
    timeoutMs: 600_000,
    ...(fun === 'system.reboot' ? { reboots: true } : {}),
  }));
}
