import { nearNames } from '../../diagnostics/near.ts';
import type { SectionResult } from '../../model/script.ts';
import type { PkgDeclared } from './parse.ts';
import { type Available, readPolicy } from './policy.ts';
import { readSimulation, type Simulation } from './simulation.ts';

/** What the host says of the packages of one declaration; null: it did not say. */
export type PkgObserved = {
  readonly apt: boolean;
  /** dpkg was cut off in the middle of its work. */
  readonly interrupted: boolean;
  /** Why dpkg or apt does not answer; null when it does. */
  readonly unreadable: string | null;
  readonly packages: Readonly<Record<string, Installed>>;
  /** What the index has of those it was asked for; a package it does not have is missing here. */
  readonly available: Readonly<Record<string, Available>>;
  /** Whether the index was asked at all. */
  readonly asked: boolean;
  /** Age of the index in seconds; null when there is none, or it was not asked. */
  readonly indexAge: number | null;
  /** Packages of the index that look like those it does not have. */
  readonly near: Readonly<Record<string, readonly string[]>>;
  readonly simulation: Simulation | null;
} | null;

/** One package as dpkg has it. */
export type Installed = {
  /** dpkg's word: `installed`, `config-files`, `half-installed` … `not-installed` when it has never heard of it. */
  readonly status: string;
  /** Null when it is not installed. */
  readonly version: string | null;
  readonly held: boolean;
  /** It has to be installed anew before it is of use. */
  readonly broken: boolean;
  /** Installed packages that stand in for it. */
  readonly providers: readonly string[];
};

/** Reads the answer of probe.sh. */
export function observePkgs(result: SectionResult, declared: readonly PkgDeclared[]): readonly PkgObserved[] {
  const lines = new TextDecoder()
    .decode(result.stdout)
    .split('\n')
    .map((line) => line.split('\t'));
  const manager = lines.find(([mark]) => mark === 'manager')?.[1];
  if (result.code !== 0 || manager === undefined) return declared.map(() => null);
  const marked = (mark: string) => lines.filter(([each]) => each === mark);
  const available = readPolicy(marked('policy').map((line) => line.slice(1).join('\t')));
  const [, now, time] = marked('index')[0] ?? [];
  const [, who, why] = marked('unreadable')[0] ?? [];
  const known = marked('near').map(([, name]) => name ?? '');
  return declared.map(({ packages }, index) => {
    const names = packages.map(({ name }) => name);
    const missing = time === undefined ? [] : names.filter((name) => !(name in available));
    return {
      apt: manager === 'apt',
      interrupted: marked('interrupted').length > 0,
      unreadable: who === undefined ? null : `${who} says: ${(why ?? '').replace(/^E: /, '')}`,
      packages: Object.fromEntries(names.map((name) => [name, readInstalled(name, lines)])),
      available: Object.fromEntries(Object.entries(available).filter(([name]) => names.includes(name))),
      asked: time !== undefined,
      indexAge: time === undefined || time === '0' ? null : Math.max(0, Number(now) - Number(time)),
      near: Object.fromEntries(missing.map((name) => [name, nearNames(name, known)])),
      simulation: readSimulation(lines, String(index)),
    };
  });
}

function readInstalled(name: string, lines: readonly (readonly string[])[]): Installed {
  const [, , version, want, error, status = 'not-installed'] =
    lines.find(([mark, each]) => mark === 'dpkg' && each === name) ?? [];
  const providers = lines.flatMap(([mark, each, by]) =>
    mark === 'provides' && each === name && by !== undefined ? [by] : [],
  );
  const gone = status === 'not-installed' || status === 'config-files';
  return {
    status,
    version: gone || version === undefined || version === '' ? null : version,
    held: want === 'hold',
    broken: status === 'half-installed' || error === 'reinstreq',
    providers,
  };
}
