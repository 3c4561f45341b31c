import { didYouMean } from '../../diagnostics/near.ts';
import type { Change } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import type { SectionResult } from '../../model/script.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { functions, parseTimezone, type TimezoneDeclared } from './parse.ts';

/** What the host says of its time zone; null: it did not say. */
type TimezoneObserved = {
  readonly known: boolean;
  /** Zones beside one that the host does not know. */
  readonly near: readonly string[];
  readonly clock: 'same' | 'other' | 'none';
  /** Where /etc/localtime leads; `file`: it is no link. Empty: it is not there. */
  readonly leads: string;
  /** Absent where the host has no /etc/timezone. */
  readonly named?: { readonly same: boolean; readonly name: string };
  readonly isLocal: boolean;
} | null;

const probe = scriptFile(import.meta.url, './probe.sh');
const set = scriptFile(import.meta.url, './set.sh');
const OBJECT = 'timezone:system';

/** What may bring a zone that is not there yet. */
const BRINGS = /^(pkg:tzdata|cmd:|file:\/usr\/share\/zoneinfo\b)/;

/** Salt's module `timezone`: which time a host keeps. */
export const timezone = defineKind<TimezoneDeclared, TimezoneObserved>({
  name: 'timezone',
  summary: 'the time zone of a host',
  functions,
  parse: parseTimezone,
  identify: () => [OBJECT],
  needs: () => ['pkg:tzdata'],
  // Two zones for one host are refused before anything is asked.
  probe: (declared) => probe(declared.slice(0, 1).map(({ zone }) => zone)),
  observe: (result, declared) => {
    const observed = observe(result);
    return declared.map(() => observed);
  },
  diff,
  steps: ({ zone }, changes, observed) => changes.map((change) => stepFor(zone, change, observed)),
});

function observe(result: SectionResult): TimezoneObserved {
  const lines = new TextDecoder()
    .decode(result.stdout)
    .split('\n')
    .map((line) => line.split('\t'));
  const line = (mark: string) => lines.find(([first]) => first === mark);
  const [, known] = line('zone') ?? [];
  const [, clock, leads = ''] = line('clock') ?? [];
  const [, hardware] = line('hardware') ?? [];
  const named = line('named');
  if (result.code !== 0 || known === undefined || hardware === undefined) return null;
  if (clock !== 'same' && clock !== 'other' && clock !== 'none') return null;
  return {
    known: known === 'yes',
    near: lines.flatMap(([mark, name = '']) => (mark === 'near' ? [name] : [])),
    ...{ clock, leads, isLocal: hardware === 'local' },
    ...(named === undefined ? {} : { named: { same: named[1] === 'same', name: named[2] ?? '' } }),
  };
}

function diff({ zone, insists }: TimezoneDeclared, observed: TimezoneObserved, { earlier }: Prospect): Diff {
  if (observed === null)
    return { changes: [], predicted: {}, problems: ['the host did not say which time zone it keeps'] };
  const { known, clock, named } = observed;
  const mayCome = earlier.some(({ object, action }) => action !== 'remove' && BRINGS.test(object));
  if (!known && !mayCome) return { changes: [], predicted: {}, problems: [unknownZone(zone, observed)] };
  const base = {
    object: OBJECT,
    risk: 'change',
    after: zone,
    certainty: known ? 'exact' : 'provisional',
  } as const;
  const changes: Change[] = [];
  if (clock !== 'same')
    changes.push({
      ...{
        ...base,
        field: 'clock',
        action: clock === 'none' ? 'create' : 'update',
        before: zoneOf(observed),
      },
      why: 'what runs already keeps the old time until it is restarted',
    });
  if (named !== undefined && !named.same)
    changes.push({
      ...base,
      field: 'named',
      action: 'update',
      before: named.name,
      why: '/etc/timezone says so',
    });
  return { changes, predicted: { [OBJECT]: zone }, ...ofHardware(observed.isLocal, insists) };
}

function unknownZone(zone: string, { near }: NonNullable<TimezoneObserved>): string {
  const hint = near.length === 0 ? 'is tzdata installed?' : didYouMean(zone, near);
  return `this host knows no time zone ${zone}${hint === undefined ? '' : `: ${hint}`}`;
}

function ofHardware(isLocal: boolean, insists: boolean): Partial<Diff> {
  if (!isLocal) return {};
  const words =
    'the hardware clock keeps local time (/etc/adjtime), and slab does not set it: timedatectl set-local-rtc 0';
  return insists ? { shortfalls: [words] } : { notes: [words] };
}

/** The zone that /etc/localtime leads to, as people call it. */
function zoneOf({ clock, leads }: NonNullable<TimezoneObserved>): string | null {
  if (leads === '' || (clock === 'none' && leads === 'file')) return null;
  return leads === 'file' ? 'a file of its own' : (/zoneinfo\/(.+)$/.exec(leads)?.[1] ?? leads);
}

function stepFor(zone: string, { field, risk }: Change, observed: TimezoneObserved): Step {
  if (field === 'named')
    return {
      ...{ title: `store ${zone} in /etc/timezone`, risk },
      script: set(['named', zone, observed?.named?.name ?? '']),
    };
  return { title: `keep the time of ${zone}`, risk, script: set(['clock', zone, observed?.leads ?? '']) };
}
