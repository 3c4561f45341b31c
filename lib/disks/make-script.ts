import type { GivenUp } from '../model/records.ts';
import type { Script } from '../model/script.ts';
import type { Step } from '../model/step.ts';
import { scriptFile } from '../shell/script-file.ts';
import { joinScripts } from '../shell/sh.ts';
import type { ProofMode } from './device-verdict.ts';
import type { HostFacts } from './facts.ts';
import type { Disk } from './identity.ts';
import { contentIdParts } from './ids.ts';
import { bytesScript, deviceScript, expectation, fingerprintScript, wordsOf } from './scripts.ts';

const make = scriptFile(import.meta.url, './make.sh');

/** One device that a command writes to, and how it is proved before. */
export interface MakeDevice {
  /** As the state names it. */
  readonly name: string;
  readonly mode: ProofMode;
  /** What the plan saw; absent for one that an earlier step makes. */
  readonly device?: Disk;
  readonly fingerprint?: string;
  /** The hash of its first 64 KiB; with `begun` and `partial`. */
  readonly head?: string;
  /** The hash of its last 64 KiB; with `partial`. */
  readonly tail?: string;
  /** How the id of the array begins that it is a member of; with `begun`. */
  readonly array?: string;
  /** What blkid calls it afterwards; absent when that cannot be said. */
  readonly becomes?: string;
}

/** A command that makes something of devices that are proved right before. */
export interface MakeOrder {
  readonly devices: readonly MakeDevice[];
  /**
   * `{}` stands for the nodes of all devices, `{force}` for `force` where nothing blank was proved, `{id}` at the end of a word for
   * the id of what is made; a word without an id is left out. Never with a force of its own.
   */
  readonly command: readonly string[];
  /** What is made of the only device, and for whom: what `{id}` follows from. Without it there is no id. */
  readonly made?: { readonly cluster: string; readonly host: string; readonly type: string };
  /** What makes the command go on over old content that a person gave up, or over our own unfinished work. */
  readonly force?: string;
  /** The type with which it must mount afterwards. */
  readonly mount?: string;
  /** Erase the keys of the containers that the devices are, before anything else of them goes. */
  readonly eraseKeys?: true;
  /** Read every byte before. */
  readonly full?: boolean;
  /** The command's standard input: a key. */
  readonly input?: string;
}

/** The step that proves devices under their locks, runs one command on them, and verifies what they are then. */
export function makeStep(about: Omit<Step, 'script' | 'destroys'>, host: HostFacts, order: MakeOrder): Step {
  const destroys = order.devices.flatMap(({ mode, device, fingerprint }): readonly GivenUp[] =>
    mode === 'approved' && device !== undefined && fingerprint !== undefined
      ? [{ serial: device.serial, fingerprint }]
      : [],
  );
  const script = makeScript(host, order);
  return { ...about, script, ...(destroys.length === 0 ? {} : { destroys }) };
}

function makeScript(host: HostFacts, order: MakeOrder): Script {
  const { devices, command, force, mount: type, eraseKeys, full, input, made } = order;
  const id = made === undefined || devices.length !== 1 ? undefined : contentIdParts(made, made.type);
  const words = [
    ...devices.flatMap((each) => [
      'device',
      ...wordsOf({
        path: each.name,
        ...{ mode: each.mode, becomes: each.becomes ?? '', agreed: each.fingerprint ?? '' },
        ...(each.head === undefined ? {} : { head: each.head }),
        ...(each.tail === undefined ? {} : { tail: each.tail }),
        ...(each.array === undefined ? {} : { array: each.array }),
        ...(full === true ? { full: 'yes' } : {}),
        ...(each.device === undefined || each.mode === 'promised' ? {} : expectation(each.device, host)),
      }),
    ]),
    `planned-boot=${host.bootId.read ? host.bootId.value : ''}`,
    ...(force === undefined ? [] : [`force=${force}`]),
    ...(type === undefined ? [] : [`mount=${type}`]),
    ...(eraseKeys === true ? ['erase=yes'] : []),
    ...(id === undefined ? [] : [`idspace=${id.space}`, `idbefore=${id.before}`, `idafter=${id.after}`]),
    'run',
    ...command,
  ];
  return joinScripts([deviceScript, bytesScript, fingerprintScript, make(words, input)]);
}
