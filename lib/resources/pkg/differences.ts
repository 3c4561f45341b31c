import type { Change, ObjectKey } from '../../model/change.ts';
import type { Json } from '../../model/json.ts';
import type { Circumstances } from './circumstances.ts';
import { noCandidate } from './no-candidate.ts';
import type { Installed } from './observe.ts';
import type { PkgDeclared, WantedPackage } from './parse.ts';
import { compareVersions } from './version.ts';

/** What differs in one package. */
export interface Difference {
  readonly key: ObjectKey;
  readonly changes: readonly Change[];
  readonly predicted: Json;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** Compares one package with what is wanted of it. */
export function differenceOf(wanted: WantedPackage, circumstances: Circumstances): Difference {
  const { fun } = circumstances.declared;
  const seen = circumstances.observed.packages[wanted.name] ?? neverSeen;
  const gone = fun === 'removed' || fun === 'purged';
  const found = gone ? removal(wanted, seen, circumstances) : installation(wanted, seen, circumstances);
  const version = gone ? null : (target(found.changes) ?? seen.version);
  return {
    key: `pkg:${wanted.name}`,
    predicted: { exists: !gone, version },
    ...{ problems: [], notes: [], ...found },
  };
}

type Found = Pick<Difference, 'changes'> & Partial<Pick<Difference, 'problems' | 'notes'>>;

const neverSeen: Installed = {
  status: 'not-installed',
  version: null,
  held: false,
  broken: false,
  providers: [],
};

function removal({ name }: WantedPackage, seen: Installed, { declared }: Circumstances): Found {
  const purges = declared.fun === 'purged';
  const there = seen.status !== 'not-installed' && (purges || seen.status !== 'config-files');
  if (!there) return { changes: [] };
  if (wayIn.has(name) && seen.version !== null)
    return { changes: [], problems: [`without ${name} nobody, slab included, could log in to the host`] };
  if (seen.held)
    return {
      changes: [],
      problems: [
        `${name} ${seen.version ?? ''} is on hold, so apt does not remove it; apt-mark unhold ${name} first`,
      ],
    };
  const change: Change = {
    ...{ object: `pkg:${name}`, field: 'version', action: 'remove' },
    ...{ before: seen.version ?? 'its settings', after: null, certainty: 'exact' },
    ...(purges
      ? { risk: 'destroy', why: 'with its settings, and what it keeps under /var' }
      : { risk: 'disrupt' }),
  };
  return { changes: [change] };
}

/** Packages without which nobody reaches the host again. */
export const wayIn: ReadonlySet<string> = new Set([
  ...['openssh-server', 'dropbear', 'dropbear-bin', 'sudo', 'dpkg', 'apt', 'systemd', 'systemd-sysv', 'init'],
  ...['ifupdown', 'netplan.io', 'network-manager', 'systemd-resolved'],
]);

function installation(wanted: WantedPackage, seen: Installed, circumstances: Circumstances): Found {
  const { name } = wanted;
  if (seen.broken)
    return {
      changes: [],
      problems: [
        `dpkg was cut off while it installed ${name} (${seen.status}); mend it with: apt-get install --reinstall ${name}`,
      ],
    };
  if (seen.version === null) return fresh(wanted, seen, circumstances);
  return existing(wanted, { ...seen, version: seen.version }, circumstances);
}

function fresh(wanted: WantedPackage, seen: Installed, circumstances: Circumstances): Found {
  const { name, version } = wanted;
  const { declared, observed } = circumstances;
  if (declared.onlyUpgrade) return { changes: [] };
  if (seen.providers.length > 0 && version === undefined && observed.available[name]?.candidate == null)
    return { changes: [], notes: [`${name} is provided by ${seen.providers.join(', ')}`] };
  const best = choose(wanted, circumstances);
  if (best !== undefined)
    return {
      changes: [
        change(name, { field: 'version', action: 'create', before: null, after: best }),
        ...holdChange(name, false, declared),
      ],
    };
  const reason = noCandidate(wanted, circumstances);
  if (!reason.mayCome) return { changes: [], problems: [reason.text] };
  const after = version?.text ?? 'newest';
  const provisional = {
    field: 'version',
    action: 'create',
    before: null,
    after,
    certainty: 'provisional',
  } as const;
  return {
    changes: [change(name, { ...provisional, why: reason.text }), ...holdChange(name, false, declared)],
  };
}

function existing(
  wanted: WantedPackage,
  seen: Installed & { readonly version: string },
  circumstances: Circumstances,
): Found {
  const { name, version, newest } = wanted;
  const { declared, observed } = circumstances;
  const hold = holdChange(name, seen.held, declared);
  const changes: Change[] = [];
  if (!/^(installed|triggers-)/.test(seen.status))
    changes.push(change(name, { field: 'state', before: seen.status, after: 'installed' }));
  const right = version === undefined || version.allows(seen.version);
  const best = choose(wanted, circumstances);
  const newer = newest && best !== undefined && compareVersions(best, seen.version) > 0;
  if (right && !newer) return { changes: [...changes, ...hold] };
  if (best === undefined) {
    const reason = noCandidate(wanted, circumstances);
    if (!reason.mayCome) return { changes: [], problems: [`${reason.text}; ${seen.version} is installed`] };
  }
  if (seen.held && !declared.changesHeld)
    return {
      changes: [],
      problems: [
        `${name} ${seen.version} is on hold, so it is not changed to ${best ?? version?.text ?? 'the newest'}; say update_holds: True to change it`,
      ],
    };
  const down = best !== undefined && compareVersions(best, seen.version) < 0;
  changes.push(
    change(name, {
      ...{ field: 'version', before: seen.version, after: best ?? version?.text ?? 'newest' },
      certainty: best === undefined ? 'provisional' : 'exact',
      ...(down ? { risk: 'disrupt', why: `${best} is older` } : {}),
    }),
  );
  return {
    changes: [...changes, ...hold],
    ...(observed.available[name] === undefined ? {} : {}),
  };
}

/** The version to install: what apt would take if it will do, else the newest that will. */
function choose({ name, version }: WantedPackage, { observed, declared }: Circumstances): string | undefined {
  const available = observed.available[name];
  if (available === undefined) return undefined;
  // Another release has candidates of its own, which only apt-get -t knows.
  const simulated = declared.release === undefined ? undefined : observed.simulation?.installs[name];
  const candidate = simulated ?? available.candidate;
  if (candidate === null) {
    // A name that packages only provide, and apt knows which to take.
    return observed.simulation?.works === true && !observed.simulation.together ? 'provided' : undefined;
  }
  if (version === undefined || version.allows(candidate)) return candidate;
  return available.versions.filter(version.allows).sort((a, b) => compareVersions(b, a))[0];
}

function holdChange(name: string, held: boolean, { hold }: PkgDeclared): readonly Change[] {
  return hold === undefined || hold === held
    ? []
    : [change(name, { field: 'hold', before: held, after: hold })];
}

function target(changes: readonly Change[]): string | undefined {
  const after = changes.find(({ field }) => field === 'version')?.after;
  return typeof after === 'string' && /^\d/.test(after) ? after : undefined;
}

function change(name: string, rest: Partial<Change> & Pick<Change, 'field' | 'before' | 'after'>): Change {
  return { object: `pkg:${name}`, action: 'update', risk: 'change', certainty: 'exact', ...rest };
}
