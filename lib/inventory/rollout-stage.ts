import { didYouMean } from '../diagnostics/near.ts';
import type { Node } from '../model/node.ts';
import type { Amount, BatchSize, CommandOn, Gate, NeededStage, RolloutStage } from '../model/rollout.ts';
import { readAmount, readDuration } from './rollout-amount.ts';
import type { ShapeReader } from './shape.ts';

/** A stage as it is written: what it needs may be left out. */
export type WrittenStage = Omit<RolloutStage, 'needs'> & { readonly needs?: readonly NeededStage[] };

/** Reads one entry of `stages`, whose gates are those of the roll-out. */
export function readStage(reader: ShapeReader, node: Node, gates: ReadonlyMap<string, Gate>): WrittenStage {
  const known = [
    ...(['name', 'environment', 'target', 'needs', 'pick', 'allow_empty', 'order', 'batch'] as const),
    ...(['drain', 'undrain', 'budget', 'gates', 'soak'] as const),
  ] as const;
  const members = reader.members(node, 'a stage', known);
  const text = (key: (typeof known)[number]): string | undefined => {
    const value = members.get(key);
    return value === undefined ? undefined : reader.text(value, `${key} of a stage`)?.value;
  };
  const name = text('name');
  if (!members.has('name'))
    reader.complain(node.source, 'a stage has no name', { fix: 'write name: canary' });
  const environment = text('environment');
  const target = text('target') ?? '*';
  const gateNode = members.get('gates');
  const chosen = gateNode === undefined ? [] : reader.texts(gateNode, 'gates of a stage');
  for (const { value, source } of chosen)
    if (!gates.has(value))
      reader.complain(source, `there is no gate ${value}`, {
        fix:
          didYouMean(value, gates.keys()) ??
          `write it under gates:, or take one of ${[...gates.keys()].join(', ')}`,
      });
  const needs = members.get('needs');
  const pick = readPick(reader, members.get('pick'));
  const budget = members.get('budget');
  const soak = members.get('soak');
  const empty = members.get('allow_empty');
  const order = members.get('order');
  const [drain, undrain] = (['drain', 'undrain'] as const).map((key) =>
    readCommandOn(reader, members.get(key), key),
  );
  if ((drain === undefined) !== (undrain === undefined))
    reader.complain(node.source, 'a stage that drains hosts takes them back, and the other way round', {
      fix: "write both: drain: {command: 'lb disable {host}', on: lb1}, undrain: {command: 'lb enable {host}', on: lb1}",
    });
  return {
    name: name ?? '',
    source: node.source,
    target,
    ...(environment === undefined ? {} : { environment }),
    ...(needs === undefined
      ? {}
      : {
          needs: reader
            .texts(needs, 'needs of a stage', 'single-too')
            .map(({ value, source }) => ({ name: value, source })),
        }),
    ...(pick === undefined ? {} : { pick }),
    ...(order === undefined
      ? {}
      : { order: reader.texts(order, 'order of a stage').map(({ value }) => value) }),
    ...(drain === undefined ? {} : { drain }),
    ...(undrain === undefined ? {} : { undrain }),
    allowEmpty: empty !== undefined && reader.flag(empty, 'allow_empty of a stage')?.value === true,
    batch: readBatch(reader, members.get('batch')),
    budget: (budget && readAmount(reader, budget, 'budget of a stage')) ?? { count: 0 },
    gates: chosen.map(({ value }) => value),
    soakMs: soak === undefined ? 0 : readDuration(reader, soak, 'soak of a stage'),
  };
}

function readCommandOn(reader: ShapeReader, node: Node | undefined, what: string): CommandOn | undefined {
  if (node === undefined) return undefined;
  const members = reader.members(node, what, ['command', 'on']);
  const [command, on] = (['command', 'on'] as const).map((key) => members.get(key));
  if (command === undefined || on === undefined)
    reader.complain(node.source, `${what} says what to run and where`, {
      fix: `write ${what}: {command: 'lb-tool ${what} {host}', on: lb1}; on is a host, controller, or host for the host itself`,
    });
  return {
    command: (command && reader.text(command, `command of ${what}`)?.value) ?? '',
    on: (on && reader.text(on, `on of ${what}`)?.value) ?? 'host',
    source: node.source,
  };
}

function readPick(reader: ShapeReader, node: Node | undefined): RolloutStage['pick'] {
  if (node === undefined) return undefined;
  if (node.type === 'scalar') {
    const count = reader.integer(node, 'pick of a stage', [1, 1_000_000])?.value;
    return count === undefined ? undefined : { count };
  }
  const members = reader.members(node, 'pick', ['count', 'prefer']);
  const countNode = members.get('count');
  const count =
    countNode === undefined ? 1 : (reader.integer(countNode, 'count of pick', [1, 1_000_000])?.value ?? 1);
  const preferNode = members.get('prefer');
  if (preferNode === undefined) return { count };
  const prefer = reader.text(preferNode, 'prefer of pick')?.value ?? '';
  const match = /^label:([^=]+)=(.*)$/.exec(prefer);
  if (match === null) {
    reader.complain(preferNode.source, `prefer of pick has to be a label, not "${prefer}"`, {
      fix: 'write prefer: label:canary=yes',
    });
    return { count };
  }
  return { count, prefer: { label: match[1] ?? '', value: match[2] ?? '' } };
}

function readBatch(reader: ShapeReader, node: Node | undefined): BatchSize {
  const all: BatchSize = { size: { percent: 100 }, pauseMs: 0 };
  if (node === undefined) return { ...all, size: { count: 1 } };
  if (node.type === 'scalar') return { ...all, size: readSize(reader, node, 'batch of a stage') };
  const members = reader.members(node, 'batch', ['size', 'max', 'spread_by', 'pause']);
  const [size, max, spread, pause] = (['size', 'max', 'spread_by', 'pause'] as const).map((key) =>
    members.get(key),
  );
  const most = max === undefined ? undefined : reader.integer(max, 'max of batch', [1, 1_000_000])?.value;
  const spreadBy = spread === undefined ? undefined : reader.text(spread, 'spread_by of batch')?.value;
  return {
    size: size === undefined ? { count: 1 } : readSize(reader, size, 'size of batch'),
    pauseMs: pause === undefined ? 0 : readDuration(reader, pause, 'pause of batch'),
    ...(most === undefined ? {} : { max: most }),
    ...(spreadBy === undefined ? {} : { spreadBy }),
  };
}

function readSize(reader: ShapeReader, node: Node, what: string): Amount {
  if (node.type === 'scalar' && node.value === 'all') return { percent: 100 };
  const amount = readAmount(reader, node, what);
  if (amount !== undefined && ('count' in amount ? amount.count : amount.percent) === 0)
    reader.complain(node.source, `${what} has to be above nought`, { fix: 'write 1, 10% or all' });
  return amount ?? { count: 1 };
}
