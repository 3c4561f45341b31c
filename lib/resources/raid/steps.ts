import { idleHolder } from '../../disks/decide-member.ts';
import { judgeDevice, type StorageObserved } from '../../disks/device-looks.ts';
import { heldOf, orderDevices, type JudgedDevice } from '../../disks/device-orders.ts';
import type { HostFacts } from '../../disks/facts.ts';
import { makeStep, type MakeDevice } from '../../disks/make-script.ts';
import { nameDevice } from '../../disks/named.ts';
import type { Change } from '../../model/change.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { GONE, wishesOfGone } from './absent.ts';
import { MEMBER } from './arrays.ts';
import { wishesOfMembers } from './diff.ts';
import type { RaidDeclared } from './parse.ts';
import { findRemains, markOf } from './remains.ts';

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
    if (change.action === 'remove') return goneSteps(declared, facts, { change, observed });
    const ordered = orderDevices(wishesOfMembers(declared), change, { observed, becomes: MEMBER });
    return makingSteps(declared, facts, { change, ordered, held: heldOf(judge(declared, observed)) });
  });
}

interface Gone {
  readonly change: Change;
  readonly observed: StorageObserved;
}

/** Arrays that run are taken apart; what is left on members of others is erased, once nothing holds them. */
function goneSteps(declared: RaidDeclared, facts: HostFacts, { change, observed }: Gone): readonly Step[] {
  const { name } = declared;
  const { risk } = change;
  const wishes = wishesOfGone(declared, facts);
  if (change.field === GONE.array)
    return orderDevices(wishes.arrays, change, { observed, becomes: 'gone' }).map((device) =>
      makeStep({ title: `take ${device.name} apart`, risk }, facts, {
        devices: [device],
        command: ['sh', '-c', takeApart.text.text, 'sh', '{}'],
      }),
    );
  const devices = orderDevices(wishes.members, change, { observed, becomes: 'nothing' });
  const ordered = findRemains(declared, facts).members.filter((each) =>
    devices.some((device) => device.name === each.name),
  );
  const idle = new Map(
    ordered.flatMap(({ block, uuid }) => {
      const holder = idleHolder(block, facts);
      return holder === undefined ? [] : [[holder, uuid.replace(/[:-]/g, '')] as const];
    }),
  );
  return [
    ...[...idle].map(([holder, uuid]): Step => ({
      title: `stop ${holder}, which is not started`,
      risk,
      script: stopUnfinished([holder, uuid]),
    })),
    makeStep(
      { title: `erase what says that ${devices.map((each) => each.name).join(', ')} is of ${name}`, risk },
      facts,
      // Old signatures of what was given up are erased before the command, and read again behind it.
      { devices, command: ['true'] },
    ),
  ];
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
  return wishesOfMembers(declared).map((wish) => ({ wish, verdict: judgeDevice(wish, observed) }));
}

function nodeOf(facts: HostFacts, device: string): string {
  const named = nameDevice(facts, device);
  return named.is === 'device' ? named.device.block.node : device;
}
