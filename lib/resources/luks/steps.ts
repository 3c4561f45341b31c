import type { StorageObserved } from '../../disks/device-looks.ts';
import { orderDevices } from '../../disks/device-orders.ts';
import type { HostFacts } from '../../disks/facts.ts';
import { makeStep } from '../../disks/make-script.ts';
import { nameDevice } from '../../disks/named.ts';
import { PENDING } from '../../disks/pending.ts';
import type { Change } from '../../model/change.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { CONTAINER, openAs, uuidOf } from './containers.ts';
import { wishesOf } from './diff.ts';
import type { GoneDeclared, LuksDeclared, OpenDeclared } from './parse.ts';

const container = scriptFile(import.meta.url, './container.sh');
const crypttabScript = scriptFile(import.meta.url, './crypttab.sh');

/** What to run for these changes. */
export function stepsOfLuks(
  declared: LuksDeclared,
  changes: readonly Change[],
  observed: StorageObserved,
): readonly Step[] {
  if (!observed.facts.read) return [];
  const facts = observed.facts.value;
  return changes.map((change) =>
    declared.fun === 'present'
      ? stepOfOpen(declared, change, { observed, facts })
      : stepOfGone(declared, change, { observed, facts }),
  );
}

interface Seen {
  readonly observed: StorageObserved;
  readonly facts: HostFacts;
}

function stepOfOpen(declared: OpenDeclared, change: Change, { observed, facts }: Seen): Step {
  const { name, device, key, keyFile, options, crypttab, full } = declared;
  const { risk } = change;
  const node = nodeOf(facts, device);
  // A header that is made in this very plan has a UUID that nobody knows yet.
  const uuid = change.certainty === 'provisional' ? '' : (uuidOf(facts, device) ?? '');
  const input = key?.reveal();
  if (change.field === 'header') {
    const devices = orderDevices(wishesOf(declared), change, { observed, becomes: CONTAINER });
    const { environment: cluster, host } = declared.records;
    return makeStep({ title: `encrypt ${device}`, risk }, facts, {
      ...{ devices, full, made: { cluster, host, type: CONTAINER } },
      command: [
        ...['cryptsetup', 'luksFormat', '--batch-mode', '--type', 'luks2'],
        ...['--subsystem', PENDING.subsystem, '--uuid={id}'],
        ...[...options, '--key-file', keyFile === '' ? '-' : keyFile, '{}'],
      ],
      ...(input === undefined ? {} : { input }),
    });
  }
  if (change.field === 'open')
    return {
      title: `open ${device} as ${name}`,
      risk,
      script: container(['open', name, node, uuid, keyFile], input),
    };
  return {
    title: `${name} in /etc/crypttab`,
    risk,
    script: crypttabScript([name, node, uuid, keyFile === '' ? 'none' : keyFile, crypttab ?? '']),
  };
}

function stepOfGone(declared: GoneDeclared, change: Change, { observed, facts }: Seen): Step {
  const { name } = declared;
  const { risk } = change;
  if (change.field === 'header')
    return makeStep({ title: `erase the keys and the header of ${name}`, risk }, facts, {
      devices: orderDevices(wishesOf(declared), change, { observed, becomes: 'nothing' }),
      eraseKeys: true,
      command: ['true'],
    });
  if (change.field === 'crypttab')
    return {
      title: `take ${name} out of /etc/crypttab`,
      risk,
      script: crypttabScript([name, '', '', '', '']),
    };
  const id = openAs(facts, name)?.dm?.uuid ?? '';
  return { title: `close ${name}`, risk, script: container(['close', name, '', id, '']) };
}

/** A tag is looked up by us, not by cryptsetup. */
function nodeOf(facts: HostFacts, device: string): string {
  const named = nameDevice(facts, device);
  return device.startsWith('/') || named.is !== 'device' ? device : named.device.block.node;
}
