import type { Script } from '../model/script.ts';
import type { Value } from '../model/value.ts';
import { sh } from '../shell/sh.ts';
import { type Answer, type HostFunctionSpec, linesOf, printed, record, type Said } from './question.ts';

const NOTHING: Value = new Map<Value, Value>();

const installed: Script = sh`dpkg-query -W -f ${'${Status}\t${Package}\t${Version}\t${Architecture}\n'}`;

/** `pkg.*` over dpkg and apt. */
export const packageFunctions: readonly HostFunctionSpec[] = [
  {
    name: 'pkg.version',
    parameters: ['*names', '**'],
    guess: '',
    script: () => installed,
    read: (said, args) => readVersions(said, args.texts('names')),
  },
  {
    name: 'pkg.list_pkgs',
    parameters: ['versions_as_list?', '**'],
    guess: NOTHING,
    script: () => installed,
    read: (said) => (said.code === 0 ? { value: packagesOf(said) } : printed(said)),
  },
  {
    name: 'pkg.latest_version',
    parameters: ['*names', '**'],
    guess: '',
    script: (args) => sh`apt-cache -q policy -- ${args.texts('names')}`,
    read: (said, args) => readLatest(said, args.texts('names')),
  },
];

function packagesOf(said: Said): Map<Value, Value> {
  const found = linesOf(said).flatMap((line): [string, string][] => {
    const [status = '', name = '', version = ''] = line.split('\t');
    const [wanted = '', , state] = status.split(' ');
    return state === 'installed' && /install|hold/.test(wanted) ? [[name, version]] : [];
  });
  return new Map<Value, Value>(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function readVersions(said: Said, names: readonly string[]): Answer {
  if (said.code !== 0) return printed(said);
  const all = packagesOf(said);
  const [first = ''] = names;
  if (names.length === 1) return { value: all.get(first) ?? '' };
  return { value: record(names.map((name) => [name, all.get(name) ?? ''])) };
}

/** The candidate of each package, or nothing when it is installed already. */
function readLatest(said: Said, names: readonly string[]): Answer {
  if (said.code !== 0) return printed(said);
  const found = new Map<string, string>();
  let name = '';
  let has = '';
  for (const line of linesOf(said)) {
    const [, key, value = ''] = /^ {2}(\w+): (.*)$/.exec(line) ?? [];
    if (key === undefined && /^\S.*:$/.test(line)) name = line.slice(0, -1);
    if (key === 'Installed') has = value;
    if (key === 'Candidate') found.set(name, value === has || value === '(none)' ? '' : value);
  }
  const [first = ''] = names;
  if (names.length === 1) return { value: found.get(first) ?? '' };
  return { value: record(names.map((each) => [each, found.get(each) ?? ''])) };
}
