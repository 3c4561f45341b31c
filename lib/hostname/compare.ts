import type { Change } from '../model/change.ts';
import type { Diff, Unshared } from '../model/resource.ts';
import type { Script } from '../model/script.ts';
import type { Step } from '../model/step.ts';
import { scriptFile } from '../shell/script-file.ts';
import type { DesiredHostname } from './desired.ts';

/** What the host says of its name; null: it did not say. */
export type SeenHostname = {
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
const NAME = 'system:hostname';
const HOSTS = 'file:/etc/hosts#own name';

/** Asks a host what it is called. Reads only. @param wanted names that need no mention */
export function askHostname(wanted: readonly string[]): Script {
  return probe(wanted);
}

/** What such a declaration owns. */
export function hostnameObjects({ address }: DesiredHostname): readonly string[] {
  return [NAME, ...(address === undefined ? [] : [HOSTS])];
}

/** A name that no other host of an environment may have. */
export function unsharedHostname({ hostname }: DesiredHostname): Unshared {
  return {
    ...{ key: `hostname ${hostname}`, what: `the name ${hostname}` },
    why: 'nobody could tell them apart in logs, monitoring and clusters',
    fix: 'give each its own: name: {{ grains.id }}',
  };
}

/** Reads what a host answers to `askHostname`, in lines; other lines are passed over. */
export function readHostname(text: string): SeenHostname {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const all = (mark: string) => lines.filter(([first]) => first === mark);
  const [[, running] = []] = all('running');
  const [[, stored] = []] = all('stored');
  if (running === undefined || stored === undefined) return null;
  const known = all('hosts').flatMap(([, line = '']) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1));
  return {
    ...{ running, stored, known: [...new Set(known)] },
    mentions: all('mention').map(([, file = '', name = '']) => `${file} (${name})`),
  };
}

/** What differs: the name that runs, the one that the next boot reads, and the line of /etc/hosts. */
export function compareHostname(
  { hostname, address, names, now }: DesiredHostname,
  observed: SeenHostname,
): Diff {
  if (observed === null)
    return { changes: [], predicted: {}, problems: ['the host did not say what it is called'] };
  const { running, stored, known, mentions } = observed;
  const base = { risk: 'change', certainty: 'exact', after: hostname } as const;
  const own = { ...base, object: NAME } as const;
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
  if (now) differing('running', running);
  const notes = [
    ...(changes.length > 0 && mentions.length > 0
      ? [`what it is called now is also in ${mentions.join(', ')}`]
      : []),
    ...(now || running === hostname ? [] : [`it is called ${running} until the next boot`]),
  ];
  return {
    ...{ changes, predicted: { [NAME]: hostname } },
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** The steps that bring such changes about; each makes sure that the host is still called as the plan saw it. */
export function hostnameSteps(
  desired: DesiredHostname,
  changes: readonly Change[],
  observed: SeenHostname,
): readonly Step[] {
  return changes.map((change) => stepFor(desired, change, observed));
}

function stepFor(
  { hostname, address = '', names }: DesiredHostname,
  { field, risk }: Change,
  observed: SeenHostname,
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
