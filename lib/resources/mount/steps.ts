import { makeStep } from '../../disks/make-script.ts';
import { nameDevice } from '../../disks/named.ts';
import type { HostFacts, Mount } from '../../disks/facts.ts';
import { deviceScript, expectation, wordsOf } from '../../disks/scripts.ts';
import type { Change } from '../../model/change.ts';
import type { Script } from '../../model/script.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { joinScripts } from '../../shell/sh.ts';
import type { MountDeclared, MountedDeclared, SwapDeclared } from './declared.ts';
import { judgeSwap } from './diff-swap.ts';
import { escape } from './fstab.ts';
import { mountedAt } from './live.ts';
import type { MountObserved } from './observe.ts';
import { compareOptions } from './options.ts';

const on = scriptFile(import.meta.url, './on.sh');
const fstab = scriptFile(import.meta.url, './fstab.sh');
const swap = scriptFile(import.meta.url, './swap.sh');

/** What to run for these changes: fstab first, so that systemd knows a mount before it appears; when it goes, last. */
export function stepsOfMount(
  declared: MountDeclared,
  changes: readonly Change[],
  observed: MountObserved,
): readonly Step[] {
  if (!observed.facts.read) return [];
  const facts = observed.facts.value;
  return changes.flatMap((change) => stepOf(declared, change, { facts, observed }) ?? []);
}

interface Seen {
  readonly facts: HostFacts;
  readonly observed: MountObserved;
}

function stepOf(declared: MountDeclared, change: Change, seen: Seen): Step | undefined {
  const { risk, field } = change;
  if (field === 'fstab')
    return { title: `${lineTitle(change)} ${declared.config}`, risk, script: lineScript(declared, change) };
  if (declared.fun === 'swap')
    return field === 'content'
      ? swapStep(declared, change, seen)
      : {
          ...{ title: `use swap ${declared.device}`, risk },
          script: swap([
            tagPath(declared.device, seen.facts),
            declared.priority === null ? '' : String(declared.priority),
          ]),
        };
  const top = mountedAt(seen.facts, declared.point);
  const was = top === undefined ? '' : `${top.number} ${escape(top.source)}`;
  if (!('options' in declared)) {
    const words = ['unmount', ...wordsOf({ point: declared.point, was })];
    return { title: `unmount ${declared.point}`, risk, script: joinScripts([deviceScript, on(words)]) };
  }
  const mode =
    field === 'options' ? (risk === 'disrupt' ? 'anew' : 'remount') : was === '' ? 'mount' : 'anew';
  const title =
    mode === 'remount'
      ? `change options of ${declared.point}`
      : `mount ${declared.device} at ${declared.point}`;
  const options = mode === 'remount' ? remountOptions(declared, top, seen.observed) : declared.options;
  return { title, risk, script: mountScript(declared, { mode, was, facts: seen.facts, change, options }) };
}

/** Without what would only hold when it is mounted anew, and is left as it is: some file systems refuse a remount because of it. */
function remountOptions(
  { options, rules, kind }: MountedDeclared,
  top: Mount | undefined,
  { allOptions = [] }: MountObserved,
): readonly string[] {
  if (top === undefined) return options;
  const { anew } = compareOptions(options, { ...top, isBind: kind === 'bind', all: allOptions }, rules);
  return options.filter((option) => !anew.includes(option));
}

function lineTitle({ before, after }: Change): string {
  return before === null ? 'add a line to' : after === null ? 'take a line out of' : 'change a line of';
}

function lineScript(declared: MountDeclared, { before, after }: Change): Script {
  const text = (line: unknown): string => (typeof line === 'string' ? line : '');
  const [by, key] = aboutOf(declared);
  return fstab([declared.config, by, escape(key), text(before), text(after)]);
}

/** Which lines are about the same thing: whose point, or whose device. */
function aboutOf(declared: MountDeclared): readonly [by: string, key: string] {
  if (declared.fun === 'swap') return ['device', declared.device];
  if (!('options' in declared) && declared.device !== '') return ['both', ''];
  return declared.point.startsWith('/') ? ['point', declared.point] : ['device', declared.device];
}

function mountScript(
  declared: MountedDeclared,
  {
    mode,
    was,
    facts,
    change,
    options,
  }: {
    readonly mode: string;
    readonly was: string;
    readonly facts: HostFacts;
    readonly change: Change;
    readonly options: readonly string[];
  },
): Script {
  const named = declared.kind === 'block' ? nameDevice(facts, declared.device) : undefined;
  const promised =
    declared.kind === 'block' && (named?.is !== 'device' || change.why?.startsWith('made by ') === true);
  const words = wordsOf({
    ...(named?.is === 'device' && !promised ? expectation(named.device, facts) : {}),
    ...{
      point: declared.point,
      source: declared.device,
      type: declared.type,
      options: options.join(','),
    },
    ...{
      kind: promised ? 'promised' : declared.kind,
      mkmnt: declared.mkmnt ? 'yes' : '',
      user: declared.user,
      was,
    },
    filled: /^(tmpfs|ramfs|overlay)$/.test(declared.type) ? 'yes' : '',
  });
  return joinScripts([deviceScript, on([mode, ...words])]);
}

/** A device said by a tag, by its path: swapon takes tags, and asks udev's links for them. */
function tagPath(device: string, facts: HostFacts): string {
  const named = device.startsWith('/') ? undefined : nameDevice(facts, device);
  return named?.is === 'device' ? named.device.block.node : device;
}

function swapStep(declared: SwapDeclared, change: Change, { facts, observed }: Seen): Step | undefined {
  const verdict = judgeSwap(declared, observed);
  const promised = change.certainty === 'provisional';
  if (verdict === undefined || (!promised && verdict.action.do !== 'make')) return undefined;
  const { action, device } = verdict;
  return makeStep({ title: `make ${declared.device} swap`, risk: change.risk }, facts, {
    devices: [
      {
        ...{ name: declared.device, becomes: 'swap' },
        mode: promised || action.do !== 'make' ? 'promised' : action.mode,
        ...(promised || device === undefined ? {} : { device }),
        ...(action.do === 'make' && action.fingerprint !== undefined
          ? { fingerprint: action.fingerprint }
          : {}),
      },
    ],
    ...{ command: ['mkswap', '{force}', '{}'], force: '-f' },
  });
}
