import type { Change } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import { moduleOf, reversePathOf } from './names.ts';
import type { SysctlObserved } from './observe.ts';
import type { SysctlDeclared } from './parse.ts';

type Observed = NonNullable<SysctlObserved>;

/** What differs between a declared setting and the one that was seen, running and stored. */
export function diffSysctl(declared: SysctlDeclared, observed: SysctlObserved, prospect: Prospect): Diff {
  const { name, value } = declared;
  if (observed === null)
    return { changes: [], predicted: {}, problems: [`the host did not answer for ${name}`] };
  if (value === undefined) return diffAbsent(declared, observed);
  const bringer = observed.there === 'no' ? bringerOf(name, prospect) : undefined;
  if (observed.there === 'no' && bringer === undefined) {
    const missing = missingText(name, observed);
    return declared.ignore
      ? { changes: [], predicted: {}, notes: [missing] }
      : { changes: [], predicted: {}, problems: [missing] };
  }
  if (observed.there === 'fixed' && observed.running !== value)
    return { changes: [], predicted: {}, problems: [fixedText(name, observed.running)] };

  const base = { object: `sysctl:${name}`, risk: 'change' } as const;
  const changes: Change[] = [];
  const seen = declared.isNamed ? observed.inFile : (observed.atBoot?.value ?? null);
  if (seen !== value && observed.inFile !== value)
    changes.push({
      ...{
        ...base,
        field: 'stored',
        action: seen === null ? 'create' : 'update',
        before: seen,
        after: value,
      },
      ...{ certainty: 'exact', why: `the next boot reads it from ${declared.file}` },
    });
  if (observed.running !== value)
    changes.push({
      ...{ ...base, field: 'running', action: 'update', after: value },
      before: observed.there === 'no' ? null : observed.running,
      certainty: bringer === undefined ? 'exact' : 'provisional',
      ...(bringer === undefined ? {} : { why: `known after ${bringer}` }),
    });
  const shortfalls = shortfallsOf(declared, observed, prospect);
  const notes = notesOn(declared, observed);
  return {
    changes,
    predicted: { [`sysctl:${name}`]: value },
    ...(shortfalls.length > 0 ? { shortfalls } : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** A module, a package or a command may bring a setting that is not there yet. */
function bringerOf(name: string, prospect: Prospect): string | undefined {
  const coming = prospect.earlier.filter(({ action }) => action !== 'remove').map(({ object }) => object);
  const module = moduleOf(name);
  const own = module === undefined ? undefined : coming.find((object) => object === `kmod:${module}`);
  return own ?? coming.findLast((object) => /^(kmod|pkg|cmd|network):/.test(object));
}

function missingText(name: string, { near }: Observed): string {
  const module = moduleOf(name);
  const [first] = near;
  const hint =
    module !== undefined
      ? `; it comes with the module ${module}, which is not loaded (kmod.present: ${module})`
      : first === undefined
        ? ''
        : `; did you mean "${first}"?`;
  return `this kernel has no setting ${name}${hint}`;
}

function fixedText(name: string, running: string): string {
  return `nothing can write to ${name} on this host (it is ${running}): it is read-only, or this is a container`;
}

/** What makes a setting that is as declared not count. */
function shortfallsOf(declared: SysctlDeclared, observed: Observed, prospect: Prospect): readonly string[] {
  const { name, value, file } = declared;
  const shortfalls: string[] = [];
  if (!observed.isRead && (declared.isNamed || observed.atBoot?.value !== value))
    shortfalls.push(`nothing reads ${file} at boot on this host; name a file below /etc/sysctl.d`);
  const [later] = observed.later;
  if (later !== undefined)
    shortfalls.push(
      `the next boot sets ${name} to ${later.value} again, by ${later.file}, which is read after ${file}; remove it there, or say config: ${later.file}`,
    );
  const interfaceName = reversePathOf(name);
  const all = prospect.predicted('sysctl:net.ipv4.conf.all.rp_filter') ?? observed.reversePath['all'];
  if (interfaceName !== undefined && interfaceName !== 'all' && Number(all) > Number(value))
    shortfalls.push(
      `the kernel takes the larger of net.ipv4.conf.all.rp_filter (${Number(all)}) and ${name} (${value ?? ''}), so ${Number(all)} is in force; set that of all too`,
    );
  return shortfalls;
}

function notesOn({ name, value }: SysctlDeclared, { reversePath }: Observed): readonly string[] {
  if (reversePathOf(name) !== 'all') return [];
  const larger = Object.entries(reversePath).filter(
    ([network, own]) => !['all', 'default'].includes(network) && Number(own) > Number(value),
  );
  return larger.map(
    ([network, own]) =>
      `${network} has ${own} of its own, and the kernel takes the larger: ${own} stays in force there`,
  );
}

function diffAbsent({ name, file }: SysctlDeclared, { inFile, atBoot, running }: Observed): Diff {
  const notes =
    atBoot === null || atBoot.file === file ? [] : [`${atBoot.file} sets ${name} to ${atBoot.value} at boot`];
  const changes: readonly Change[] =
    inFile === null
      ? []
      : [
          {
            ...{ object: `sysctl:${name}`, field: 'stored', action: 'remove', before: inFile, after: null },
            ...{ risk: 'change', certainty: 'exact' },
            why: `it stays ${running} until the next boot`,
          },
        ];
  return { changes, predicted: {}, ...(notes.length > 0 ? { notes } : {}) };
}
