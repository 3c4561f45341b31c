import { judgeDevice, type StorageObserved } from '../../disks/device-looks.ts';
import { heldOf, orderDevices, type JudgedDevice } from '../../disks/device-orders.ts';
import type { HostFacts } from '../../disks/facts.ts';
import { makeStep, type MakeDevice } from '../../disks/make-script.ts';
import { nameDevice } from '../../disks/named.ts';
import type { Change } from '../../model/change.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { MEMBER } from './arrays.ts';
import { markOf, wishesOf } from './diff.ts';
import type { RaidDeclared } from './parse.ts';

const assemble = scriptFile(import.meta.url, './assemble.sh');
const create = scriptFile(import.meta.url, './create.sh');
const stopUnfinished = scriptFile(import.meta.url, './stop-unfinished.sh');
const takeApart = scriptFile(import.meta.url, './take-apart.sh');

/** What to run for these changes. */
export function stepsOfRaid(
  declared: RaidDeclared,
  changes: readonly Change[],
  observed: StorageObserved,
): readonly Step[] {
  if (!observed.facts.read) return [];
  const facts = observed.facts.value;
  const { name, devices } = declared;
  return changes.flatMap((change): Step | readonly Step[] => {
    if (change.field === 'assembled')
      return {
        title: `assemble ${name}`,
        risk: change.risk,
        script: assemble([
          name,
          typeof change.after === 'string' ? change.after : '',
          ...devices.map((device) => nodeOf(facts, device)),
        ]),
      };
    const becomes = change.action === 'remove' ? 'gone' : MEMBER;
    const ordered = orderDevices(wishesOf(declared), change, { observed, becomes });
    if (change.action === 'remove')
      return makeStep({ title: `take ${name} apart`, risk: change.risk }, facts, {
        devices: ordered,
        command: ['sh', '-c', takeApart.text.text, 'sh', '{}'],
      });
    return makingSteps(declared, facts, { change, ordered, held: heldOf(judge(declared, observed)) });
  });
}

interface Making {
  readonly change: Change;
  readonly ordered: readonly MakeDevice[];
  /** Arrays that hold unfinished members, and are not started. */
  readonly held: readonly string[];
}

function makingSteps(
  declared: RaidDeclared,
  facts: HostFacts,
  { change, ordered, held }: Making,
): readonly Step[] {
  const { name, devices, level, spares, options, full } = declared;
  const stops = held.map((array): Step => ({
    title: `stop ${array}, which was not finished`,
    risk: change.risk,
    script: stopUnfinished([array, markOf(declared)]),
  }));
  const words = [
    // --run answers its questions; what it would ask about was proved, and it opens each device for itself alone.
    ...['--quiet', '--run', `--level=${level}`, '--homehost=any'],
    ...[`--name=${name.replace(/^\/dev\/(md\/)?/, '')}`, `--raid-devices=${devices.length - spares}`],
    ...(spares === 0 ? [] : [`--spare-devices=${spares}`]),
    ...options,
  ];
  return [
    ...stops,
    makeStep({ title: `make ${name} of ${devices.length} devices`, risk: change.risk }, facts, {
      devices: ordered,
      full,
      command: ['sh', '-c', create.text.text, 'sh', markOf(declared), name, ...words, '{}'],
    }),
  ];
}

function judge(declared: RaidDeclared, observed: StorageObserved): readonly JudgedDevice[] {
  return wishesOf(declared).map((wish) => ({ wish, verdict: judgeDevice(wish, observed) }));
}

function nodeOf(facts: HostFacts, device: string): string {
  const named = nameDevice(facts, device);
  return named.is === 'device' ? named.device.block.node : device;
}
