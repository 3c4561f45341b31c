import type { DeviceWish, StorageObserved } from '../../disks/device-looks.ts';
import {
  judgeDevices,
  lacksTool,
  makingChange,
  notesOf,
  refusalsOf,
  standingOn,
} from '../../disks/device-orders.ts';
import { deviceView } from '../../disks/device-words.ts';
import type { HostFacts } from '../../disks/facts.ts';
import { nameDevice } from '../../disks/named.ts';
import { allNames, promiseDevice } from '../../disks/prospects.ts';
import { findUsers } from '../../disks/users.ts';
import type { Change } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import { CONTAINER, crypttabLine, isOpenFrom, openAs, uuidOf } from './containers.ts';
import type { GoneDeclared, LuksDeclared, OpenDeclared } from './parse.ts';

/** A LUKS2 header takes 16 MiB; less than this, and nothing is left behind it. */
const LEAST = 32 << 20;

const CRYPTSETUP = { tool: 'cryptsetup', pkg: 'cryptsetup-bin' } as const;

/** What is wanted of a device. */
export function wishesOf(declared: LuksDeclared): readonly DeviceWish[] {
  const { fun, name, records } = declared;
  if (fun === 'present') return [{ name: declared.device, wanted: CONTAINER, least: LEAST, records }];
  return fun === 'absent' ? [{ name, wanted: '', least: 0, records }] : [];
}

/** The object that a container is: by the name while it is open, or by its device where it shall go. */
export function luksKey(name: string): string {
  return `luks:${name}`;
}

/** Where it is while it is open. */
export function mapperOf(name: string): string {
  return `/dev/mapper/${name}`;
}

/** What differs between a declared container and what is there. */
export function diffLuks(declared: LuksDeclared, observed: StorageObserved, prospect: Prospect): Diff {
  if (!observed.facts.read) return problem(observed.facts.why);
  const facts = observed.facts.value;
  if (declared.fun === 'present') return diffOpen(declared, { observed, facts, prospect });
  return declared.fun === 'closed'
    ? diffClosed(declared, facts)
    : diffAbsent(declared, { observed, facts, prospect });
}

function problem(...problems: readonly string[]): Diff {
  return { changes: [], predicted: {}, problems };
}

interface Seen {
  readonly observed: StorageObserved;
  readonly facts: HostFacts;
  readonly prospect: Prospect;
}

function diffOpen(declared: OpenDeclared, { observed, facts, prospect }: Seen): Diff {
  const { name, device, crypttab } = declared;
  const judged = judgeDevices(wishesOf(declared), observed, prospect);
  const [one] = judged;
  if (one === undefined) return problem(`${device}: nothing was decided`);
  const { verdict } = one;
  const view = deviceView(device, verdict, 'will be ENCRYPTED');
  const base = { ...(view === undefined ? {} : { disks: [view] }), notes: notesOf(judged) };
  const missing = lacksTool(facts, CRYPTSETUP, prospect);
  const mapped = openAs(facts, name);
  const settles = verdict.action.do === 'make' && verdict.action.mode === 'settle';
  const made = verdict.action.do === 'make' && !settles;
  const uuid = settles || verdict.state === 'READY' ? uuidOf(facts, device) : undefined;
  const problems = [
    ...refusalsOf(judged),
    ...(missing === undefined ? [] : [missing]),
    ...(mapped !== undefined && (uuid === undefined || !isOpenFrom(mapped, uuid))
      ? [`${mapperOf(name)} is there, and it is not ${device}`]
      : []),
  ];
  if (problems.length > 0) return { ...base, ...problem(...problems) };
  const opens = mapped === undefined;
  const certainty = made || verdict.state === 'PROMISED' ? 'provisional' : 'exact';
  const by = `luks.present ${name}`;
  const change = (field: string, before: Change['before'], after: Change['after']): Change => ({
    ...{
      object: luksKey(name),
      field,
      action: 'create',
      before,
      after,
      risk: 'change',
      certainty,
    },
  });
  const line = crypttab === undefined ? undefined : crypttabLine(facts, name);
  const wanted = crypttab === undefined ? undefined : crypttabOf(declared, uuid ?? '');
  return {
    ...base,
    ...standingOn(judged),
    changes: [
      ...(made || settles
        ? [makingChange(judged, { object: luksKey(name), field: 'header', after: CONTAINER })]
        : []),
      ...(opens ? [change('open', false, true)] : []),
      ...(wanted !== undefined && line !== wanted
        ? [change('crypttab', line ?? null, uuid === undefined ? `${name} of ${device}` : wanted)]
        : []),
    ],
    predicted: {
      ...(made ? promiseDevice(allNames(facts, device), { exists: true, content: CONTAINER, by }) : {}),
      ...(opens
        ? promiseDevice([mapperOf(name)], { exists: true, content: made ? 'pending' : 'unknown', by })
        : {}),
    },
  };
}

/** The line that the host opens it by at boot. */
function crypttabOf({ name, keyFile, crypttab = '' }: OpenDeclared, uuid: string): string {
  return `${name} UUID=${uuid} ${keyFile === '' ? 'none' : keyFile} ${crypttab}`;
}

function diffClosed({ name }: GoneDeclared, facts: HostFacts): Diff {
  const mapped = openAs(facts, name);
  const line = crypttabLine(facts, name) ?? '';
  const base = { object: luksKey(name), risk: 'change', certainty: 'exact' } as const;
  const forget: readonly Change[] =
    line === '' ? [] : [{ ...base, field: 'crypttab', action: 'remove', before: line, after: null }];
  if (mapped === undefined) return { changes: forget, predicted: {} };
  if (mapped.dm?.uuid.startsWith('CRYPT-') !== true)
    return problem(`${mapperOf(name)} is no encrypted device`);
  const named = nameDevice(facts, mapped.node);
  const users =
    named.is === 'device'
      ? findUsers(named.device, facts, () => false)
      : { known: false as const, why: named.why };
  if (!users.known) return problem(`${mapperOf(name)}: who uses it is not known: ${users.why}`);
  if (users.users.length > 0) return problem(`${mapperOf(name)} is in use: ${users.users.join(', ')}`);
  return {
    changes: [{ ...base, field: 'open', action: 'remove', before: true, after: false }, ...forget],
    predicted: promiseDevice(allNames(facts, mapperOf(name)), {
      ...{ exists: false, content: '', by: `luks.closed ${name}` },
    }),
  };
}

function diffAbsent(declared: GoneDeclared, { observed, facts, prospect }: Seen): Diff {
  const { name } = declared;
  if (uuidOf(facts, name) === undefined) return { changes: [], predicted: {} };
  const judged = judgeDevices(wishesOf(declared), observed, prospect);
  const disks = judged.flatMap(
    ({ verdict }) => deviceView(name, verdict, 'its keys and its header will be ERASED') ?? [],
  );
  const missing = lacksTool(facts, CRYPTSETUP, prospect);
  const refusals = [...refusalsOf(judged), ...(missing === undefined ? [] : [missing])];
  if (refusals.length > 0) return { ...problem(...refusals), disks };
  return {
    disks,
    ...standingOn(judged),
    changes: [
      {
        ...makingChange(judged, { object: luksKey(name), field: 'header', after: null }),
        ...{ action: 'remove', risk: 'destroy' },
      },
    ],
    predicted: promiseDevice(allNames(facts, name), {
      exists: true,
      content: 'unknown',
      by: `luks.absent ${name}`,
    }),
  };
}
