import type { StorageObserved } from '../../disks/device-looks.ts';
import { nameDevice } from '../../disks/named.ts';
import { promisedDevice } from '../../disks/prospects.ts';
import type { Block, HostFacts } from '../../disks/facts.ts';
import { deviceScript, expectation, wordsOf } from '../../disks/scripts.ts';
import type { Change } from '../../model/change.ts';
import type { Json } from '../../model/json.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { joinScripts } from '../../shell/sh.ts';
import type { TunedDeclared } from './parse.ts';

const tune = scriptFile(import.meta.url, './tune.sh');

/** What differs between the settings that are declared and those in force. */
export function diffTuned(declared: TunedDeclared, { facts }: StorageObserved, prospect: Prospect): Diff {
  const none = { changes: [], predicted: {} };
  if (!facts.read) return { ...none, problems: [`its settings cannot be judged: ${facts.why}`] };
  const named = nameDevice(facts.value, declared.name);
  if (named.is !== 'device') {
    const promised = promisedDevice(prospect, declared.name);
    return promised?.exists === true
      ? {
          ...none,
          notes: [`${declared.name} is made by ${promised.by}: its settings come with the next apply`],
        }
      : { ...none, problems: [`${declared.name}: ${named.why}`] };
  }
  const { block } = named.device;
  const problems = obstacles(declared, block, facts.value);
  const object = `blockdev:${declared.name}`;
  const changes = settings(declared, block).map(([field, before, after]): Change => ({
    ...{ object, field, action: 'update', before, after, certainty: 'exact' },
    risk: field === 'read-only' && after === true ? 'disrupt' : 'change',
  }));
  return {
    ...none,
    changes: problems.length > 0 ? [] : changes,
    ...(problems.length === 0 ? {} : { problems }),
    ...(named.note === undefined ? {} : { notes: [named.note] }),
  };
}

/** Field, what is in force, and what is declared, where these differ. */
function settings(
  { readAhead, readOnly, scheduler, requests }: TunedDeclared,
  block: Block,
): readonly (readonly [string, Json, Json])[] {
  const { readAheadKb, requests: length, scheduler: shown } = block.queue;
  const ahead = readAhead === null ? null : inPages(readAhead);
  const active = activeOf(shown);
  const now = readAheadKb === null ? null : readAheadKb * 2;
  return [
    ...(ahead !== null && now !== ahead ? [['read-ahead', now, ahead] as const] : []),
    ...(readOnly !== null && block.readOnly !== readOnly
      ? [['read-only', block.readOnly, readOnly] as const]
      : []),
    ...(scheduler !== null && active !== scheduler ? [['scheduler', active, scheduler] as const] : []),
    ...(requests !== null && length !== requests ? [['nr-requests', length, requests] as const] : []),
  ];
}

/** The kernel counts read-ahead in pages. */
function inPages(sectors: number): number {
  return Math.floor(sectors / 8) * 8;
}

function activeOf(shown: string): string {
  return /\[([^\]]+)\]/.exec(shown)?.[1] ?? shown.trim();
}

function obstacles(
  { name, readOnly, scheduler }: TunedDeclared,
  block: Block,
  facts: HostFacts,
): readonly string[] {
  const known = block.queue.scheduler.replace(/[[\]]/g, '').split(/\s+/);
  const mounts = facts.mounts.read ? facts.mounts.value : [];
  const written = mounts.find((mount) => mount.number === block.number && mount.superOptions.includes('rw'));
  return [
    ...(scheduler !== null && !known.includes(scheduler)
      ? [`${name} knows no scheduler ${scheduler}; it has: ${known.join(', ')}`]
      : []),
    ...(readOnly === true && block.readOnly === false && written !== undefined
      ? [`${name} is mounted for writing on ${written.point}: it is not made read only`]
      : []),
  ];
}

/** One step for all settings that differ. */
export function stepsOfTuned(
  declared: TunedDeclared,
  changes: readonly Change[],
  { facts }: StorageObserved,
): readonly Step[] {
  if (!facts.read) return [];
  const named = nameDevice(facts.value, declared.name);
  if (named.is !== 'device') return [];
  const value = (field: string): Json | undefined => changes.find((change) => change.field === field)?.after;
  const text = (json: Json | undefined): string =>
    typeof json === 'string' ? json : typeof json === 'number' ? json.toString() : '';
  const readOnly = value('read-only');
  const words = wordsOf({
    ...expectation(named.device, facts.value),
    ...{
      ahead: text(value('read-ahead')),
      scheduler: text(value('scheduler')),
      requests: text(value('nr-requests')),
    },
    ro: readOnly === undefined ? '' : readOnly === true ? '1' : '0',
  });
  return [
    {
      title: `set ${changes.map(({ field }) => field).join(', ')} of ${declared.name}`,
      risk: changes.some(({ risk }) => risk === 'disrupt') ? 'disrupt' : 'change',
      script: joinScripts([deviceScript, tune(words)]),
    },
  ];
}
