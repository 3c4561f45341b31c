import type { StorageObserved } from '../../disks/device-looks.ts';
import { orderDevices } from '../../disks/device-orders.ts';
import type { HostFacts } from '../../disks/facts.ts';
import { makeScript } from '../../disks/make-script.ts';
import { nameDevice } from '../../disks/named.ts';
import type { Change } from '../../model/change.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { MEMBER } from './arrays.ts';
import { wishesOf } from './diff.ts';
import type { RaidDeclared } from './parse.ts';

const assemble = scriptFile(import.meta.url, './assemble.sh');
const takeApart = scriptFile(import.meta.url, './take-apart.sh');

/** What to run for these changes. */
export function stepsOfRaid(
  declared: RaidDeclared,
  changes: readonly Change[],
  observed: StorageObserved,
): readonly Step[] {
  if (!observed.facts.read) return [];
  const facts = observed.facts.value;
  const { name, devices, level, spares, options, full } = declared;
  return changes.map((change): Step => {
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
      return {
        title: `take ${name} apart`,
        risk: change.risk,
        script: makeScript(facts, {
          devices: ordered,
          command: ['sh', '-c', takeApart.text.text, 'sh', '{}'],
        }),
      };
    return {
      title: `make ${name} of ${devices.length} devices`,
      risk: change.risk,
      script: makeScript(facts, {
        devices: ordered,
        full,
        // --run answers its questions; what it would ask about was proved to be blank, and it opens each device for itself alone.
        command: [
          ...['mdadm', '--create', name, '--quiet', '--run', `--level=${level}`, '--homehost=any'],
          ...[`--name=${name.replace(/^\/dev\/(md\/)?/, '')}`, `--raid-devices=${devices.length - spares}`],
          ...(spares === 0 ? [] : [`--spare-devices=${spares}`]),
          ...[...options, '{}'],
        ],
      }),
    };
  });
}

function nodeOf(facts: HostFacts, device: string): string {
  const named = nameDevice(facts, device);
  return named.is === 'device' ? named.device.block.node : device;
}
