import {
  judgeDevices,
  lacksTool,
  makingChange,
  notesOf,
  orderDevices,
  refusalsOf,
  standingOn,
} from '../../disks/device-orders.ts';
import type { StorageObserved } from '../../disks/device-looks.ts';
import type { HostFacts } from '../../disks/facts.ts';
import { makeStep } from '../../disks/make-script.ts';
import { nameDevice } from '../../disks/named.ts';
import { allNames, promiseDevice } from '../../disks/prospects.ts';
import type { Change } from '../../model/change.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import type { VgDeclared } from './parse.ts';
import { hidden, LVM, MEMBER, problem, pvOf, pvWish } from './pv.ts';
import { readLvm, type Lvm, type Vg } from './reports.ts';

const group = scriptFile(import.meta.url, './group.sh');

/** The object that a volume group is. */
export function vgKey(name: string): string {
  return `vg:${name}`;
}

/** Whether an earlier state makes or removes an object; undefined when none touches it. */
export function foreseen(prospect: Prospect, key: string): boolean | undefined {
  const said = prospect.predicted(key);
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return undefined;
  return (said as JsonObject)['exists'] === true;
}

/** The one group of this name; two of them are nobody's. */
export function findGroup(lvm: Lvm, name: string): Vg | 'none' | 'two' {
  const [first, ...more] = lvm.vgs.filter((each) => each.name === name);
  return first === undefined ? 'none' : more.length > 0 ? 'two' : first;
}

/** What this state wants of its devices. */
export function wishesOfVg({ devices, records }: VgDeclared) {
  return devices.map((name) => pvWish(name, records));
}

/** What differs between a declared volume group and what is there. */
export function diffVg(declared: VgDeclared, observed: StorageObserved, prospect: Prospect): Diff {
  if (!observed.facts.read) return problem(observed.facts.why);
  const facts = observed.facts.value;
  const lvm = readLvm(facts);
  if (!lvm.read) return problem(lvm.why);
  const found = findGroup(lvm.value, declared.name);
  if (found === 'two')
    return problem(`two volume groups are called ${declared.name}: rename one by its UUID (vgrename)`);
  if (declared.fun === 'vg_absent') return diffAbsent(declared, { lvm: lvm.value, found, prospect });
  const members = declared.devices.map((name) => ({ name, pv: pvOf(facts, lvm.value, name) }));
  const others = members.flatMap(({ name, pv }) => {
    if (pv === undefined) return [];
    if (pv.duplicate) return [`${name}: two devices say that they are this physical volume: one is a copy`];
    return pv.group === '' || pv.group === declared.name
      ? []
      : [`${name}: it belongs to the volume group ${pv.group}`];
  });
  if (others.length > 0) return problem(...others);
  const joining = members.filter(({ pv }) => pv === undefined || pv.group === '');
  if (joining.length === 0)
    return {
      changes: [],
      predicted: {},
      ...(found !== 'none' && found.missing > 0
        ? { shortfalls: [`${found.missing} physical volumes of ${declared.name} are missing`] }
        : {}),
    };
  const judged = judgeDevices(
    joining.map(({ name }) => pvWish(name, declared.records)),
    observed,
    prospect,
  );
  const missing = lacksTool(facts, LVM, prospect);
  const unseen = joining.flatMap(({ name, pv }, i) =>
    pv === undefined && judged[i]?.verdict.state === 'READY' && facts.tools['lvm'] !== undefined
      ? [hidden(name)]
      : [],
  );
  const problems = [...refusalsOf(judged), ...unseen, ...(missing === undefined ? [] : [missing])];
  if (problems.length > 0) return { ...problem(...problems), notes: notesOf(judged) };
  const making = judged.filter(({ verdict }) => verdict.action.do === 'make');
  const after = joining.map(({ name }) => name);
  const by = `lvm.vg_present ${declared.name}`;
  const object = vgKey(declared.name);
  const change: Change = {
    ...{ object, field: 'devices', after, risk: 'change' },
    action: found === 'none' ? 'create' : 'update',
    before:
      found === 'none'
        ? null
        : members.flatMap(({ name, pv }) => (pv?.group === declared.name ? [name] : [])),
    certainty: judged.some(({ verdict }) => verdict.state === 'PROMISED') ? 'provisional' : 'exact',
  };
  return {
    ...standingOn(judged),
    changes: [
      ...(making.length === 0
        ? []
        : [makingChange(making, { object, field: 'physical volumes', after: MEMBER })]),
      change,
    ],
    predicted: {
      [object]: { exists: true, by },
      ...promiseDevice(
        after.flatMap((name) => allNames(facts, name)),
        { exists: true, content: MEMBER, by },
      ),
    },
    notes: notesOf(judged),
  };
}

interface Absent {
  readonly lvm: Lvm;
  readonly found: Vg | 'none';
  readonly prospect: Prospect;
}

function diffAbsent({ name }: VgDeclared, { lvm, found, prospect }: Absent): Diff {
  if (found === 'none') return { changes: [], predicted: {} };
  const gone = (volume: string): boolean => foreseen(prospect, `lv:${name}/${volume}`) === false;
  const volumes = lvm.lvs.filter((lv) => lv.group === name && !gone(lv.name)).map((lv) => lv.name);
  if (volumes.length > 0)
    return problem(
      `the volume group ${name} holds volumes (${volumes.join(', ')}): each is given up by itself first (lvm.lv_absent)`,
    );
  if (found.missing > 0)
    return problem(`${found.missing} physical volumes of ${name} are missing: what is on them is not known`);
  const emptied = lvm.lvs.some((lv) => lv.group === name);
  return {
    changes: [
      {
        ...{ object: vgKey(name), field: 'exists', action: 'remove', before: true, after: false },
        ...{ risk: 'disrupt', certainty: emptied ? 'provisional' : 'exact', why: 'it holds no volume' },
      },
    ],
    predicted: { [vgKey(name)]: { exists: false, by: `lvm.vg_absent ${name}` } },
  };
}

/** What to run for these changes: first what is no physical volume yet, then the group. */
export function stepsOfVg(
  declared: VgDeclared,
  changes: readonly Change[],
  observed: StorageObserved,
): readonly Step[] {
  if (!observed.facts.read) return [];
  const facts = observed.facts.value;
  const lvm = readLvm(facts);
  const { name, extentSize } = declared;
  const uuidOf = (device: string): string =>
    (lvm.read ? pvOf(facts, lvm.value, device)?.uuid : undefined) ?? '';
  return changes.map((change): Step => {
    if (change.field === 'physical volumes')
      return makeStep({ title: `make physical volumes for ${name}`, risk: change.risk }, facts, {
        devices: orderDevices(wishesOfVg(declared), change, { observed, becomes: MEMBER }),
        command: ['lvm', 'pvcreate', '-q', '{}'],
      });
    if (change.field === 'exists')
      return {
        title: `remove the volume group ${name}`,
        risk: change.risk,
        script: group(['remove', name, '', uuidOfGroup(facts, name)]),
      };
    const devices = Array.isArray(change.after) ? change.after.map(String) : [];
    return {
      title: `${change.action === 'create' ? 'make' : 'extend'} the volume group ${name}`,
      risk: change.risk,
      script: group([
        ...[change.action === 'create' ? 'create' : 'extend', name, extentSize, uuidOfGroup(facts, name)],
        ...devices.map((device) => `${uuidOf(device)}=${kernelNode(facts, device)}`),
      ]),
    };
  });
}

function uuidOfGroup(facts: HostFacts, name: string): string {
  const lvm = readLvm(facts);
  const found = lvm.read ? findGroup(lvm.value, name) : 'none';
  return typeof found === 'string' ? '' : found.uuid;
}

/** A device as LVM takes it: a tag is looked up by us and not by LVM. */
export function kernelNode(facts: HostFacts, device: string): string {
  const named = nameDevice(facts, device);
  return device.startsWith('/') || named.is !== 'device' ? device : named.device.block.node;
}
