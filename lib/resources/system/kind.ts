import type { Change } from '../../model/change.ts';
import type { Diff } from '../../model/resource.ts';
import type { SectionResult } from '../../model/script.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { functions, parseSystem, type SystemDeclared } from './parse.ts';

/** What the host says of its name; null: it did not say. */
type SystemObserved = {
  /** Empty: none. */
  readonly running: string;
  readonly stored: string;
  /** Names that /etc/hosts has. */
  readonly known: readonly string[];
  /** Files that still say what it is or was called: `/etc/mailname (old)`. */
  readonly mentions: readonly string[];
} | null;

const probe = scriptFile(import.meta.url, './probe.sh');
const set = scriptFile(import.meta.url, './set.sh');
const HOSTS = 'file:/etc/hosts#own name';

/** What a host is called. */
export const system = defineKind<SystemDeclared, SystemObserved>({
  name: 'system',
  summary: 'what a host is called',
  functions,
  parse: parseSystem,
  identify: ({ address }) => ['system:hostname', ...(address === undefined ? [] : [HOSTS])],
  unshared: ({ hostname }) => [
    {
      ...{ key: `hostname ${hostname}`, what: `the name ${hostname}` },
      why: 'nobody could tell them apart in logs, monitoring and clusters',
      fix: 'give each its own: name: {{ grains.id }}',
    },
  ],
  probe: (declared) => probe(declared.map(({ hostname }) => hostname)),
  observe: (result, declared) => {
    const observed = observe(result);
    return declared.map(() => observed);
  },
  diff,
  steps: (declared, changes, observed) => changes.map((change) => stepFor(declared, change, observed)),
});

function observe(result: SectionResult): SystemObserved {
  const lines = new TextDecoder()
    .decode(result.stdout)
    .split('\n')
    .map((line) => line.split('\t'));
  const all = (mark: string) => lines.filter(([first]) => first === mark);
  const [[, running] = []] = all('running');
  const [[, stored] = []] = all('stored');
  if (result.code !== 0 || running === undefined || stored === undefined) return null;
  const known = all('hosts').flatMap(([, line = '']) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1));
  return {
    ...{ running, stored, known: [...new Set(known)] },
    mentions: all('mention').map(([, file = '', name = '']) => `${file} (${name})`),
  };
}

function diff({ hostname, address, names }: SystemDeclared, observed: SystemObserved): Diff {
  if (observed === null)
    return { changes: [], predicted: {}, problems: ['the host did not say what it is called'] };
  const { running, stored, known, mentions } = observed;
  const base = { risk: 'change', certainty: 'exact', after: hostname } as const;
  const own = { ...base, object: 'system:hostname' } as const;
  const changes: Change[] = [];
  const differing = (field: string, before: string, more: Partial<Change> = {}) => {
    const [action, seen] = before === '' ? (['create', null] as const) : (['update', before] as const);
    if (before !== hostname) changes.push({ ...own, field, action, before: seen, ...more });
  };
  // What has no entry makes sudo and others wait for the name service: before anything is called so.
  if (address !== undefined && !names.every((name) => known.includes(name)))
    changes.push({
      ...{ ...base, object: HOSTS, field: 'names', action: 'update', before: null },
      after: `${address} ${names.join(' ')}`,
    });
  differing('stored', stored, { why: 'the next boot reads it from /etc/hostname' });
  differing('running', running);
  const notes = mentions.length === 0 ? [] : [`what it is called now is also in ${mentions.join(', ')}`];
  return {
    changes,
    predicted: { 'system:hostname': hostname },
    ...(changes.length > 0 && notes.length > 0 ? { notes } : {}),
  };
}

function stepFor(
  { hostname, address = '', names }: SystemDeclared,
  { field, risk }: Change,
  observed: SystemObserved,
): Step {
  switch (field) {
    case 'names':
      return {
        ...{ title: `enter ${names.join(' ')} in /etc/hosts`, risk },
        script: set(['hosts', address, ...names]),
      };
    case 'stored':
      return {
        ...{ title: `store the name ${hostname} in /etc/hostname`, risk },
        script: set(['stored', hostname, observed?.stored ?? '']),
      };
    default:
      return {
        ...{ title: `call the host ${hostname}`, risk },
        script: set(['running', hostname, observed?.running ?? '']),
      };
  }
}
