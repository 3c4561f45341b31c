import type { Checked } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { Node } from '../model/node.ts';
import type {
  Amount,
  BatchSize,
  Gate,
  GateCheck,
  GateMoment,
  Rollout,
  RolloutStage,
} from '../model/rollout.ts';
import { parseYaml } from '../yaml/parse.ts';
import { ShapeReader } from './shape.ts';

const MOMENTS: readonly GateMoment[] = ['before', 'after', 'soak'];
const CHECKS = ['converged', 'units', 'tcp', 'http', 'command'] as const;
const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Reads `rollout.yaml`.
 * @returns the roll-out, or every mistake in it (SLAB1002, SLAB1010, SLAB2001).
 */
export function parseRollout({
  file,
  text,
}: {
  readonly file: string;
  readonly text: string;
}): Checked<Rollout> {
  const { value: root, diagnostics } = parseYaml(text, { file });
  if (root === undefined) return { diagnostics };
  const reader = new ShapeReader();
  const members = reader.members(root, 'the roll-out', ['stages', 'gates', 'budget']);
  const gateNode = members.get('gates');
  const gates = new Map(
    (gateNode === undefined ? [] : reader.entries(gateNode, 'gates')).flatMap(({ name, node }) => {
      const gate = readGate(reader, name.value, node);
      return gate === undefined ? [] : [[gate.name, gate] as const];
    }),
  );
  // Needs no settings, so it need not be written down.
  if (!gates.has('converged'))
    gates.set('converged', {
      ...{ name: 'converged', source: root.source, when: ['after'], tries: 1, everyMs: 0 },
      check: { of: 'converged' },
    });
  const list = members.get('stages');
  if (list?.type !== 'list' || list.items.length === 0)
    reader.complain((list ?? root).source, 'a roll-out has stages', {
      fix: "write stages: [{name: first, target: 'web01'}, {name: rest, target: '*'}]",
    });
  const stages = (list?.type === 'list' ? list.items : []).flatMap((node) => readStage(reader, node, gates));
  for (const [index, stage] of stages.entries())
    if (stages.slice(0, index).some(({ name }) => name === stage.name))
      reader.complain(stage.source, `two stages are called ${stage.name}`, {
        fix: 'give each a name of its own',
      });
  const budgetNode = members.get('budget');
  const budget = budgetNode === undefined ? undefined : readAmount(reader, budgetNode, 'budget');
  if (reader.diagnostics.length > 0) return { diagnostics: reader.diagnostics };
  return { value: { stages, gates, ...(budget === undefined ? {} : { budget }) }, diagnostics: [] };
}

function readStage(
  reader: ShapeReader,
  node: Node,
  gates: ReadonlyMap<string, Gate>,
): readonly RolloutStage[] {
  const known = ['name', 'environment', 'target', 'pick', 'batch', 'budget', 'gates', 'soak'] as const;
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
  const pick = readPick(reader, members.get('pick'));
  const budget = members.get('budget');
  const soak = members.get('soak');
  return [
    {
      name: name ?? '',
      source: node.source,
      target,
      ...(environment === undefined ? {} : { environment }),
      ...(pick === undefined ? {} : { pick }),
      batch: readBatch(reader, members.get('batch')),
      budget: (budget && readAmount(reader, budget, 'budget of a stage')) ?? { count: 0 },
      gates: chosen.map(({ value }) => value),
      soakMs: soak === undefined ? 0 : readDuration(reader, soak, 'soak of a stage'),
    },
  ];
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

/** `3`, or `20%`. */
function readAmount(reader: ShapeReader, node: Node, what: string): Amount | undefined {
  const value = node.type === 'scalar' ? node.value : undefined;
  if (typeof value === 'number' && value >= 0) return { count: value };
  const percent = typeof value === 'string' ? /^(\d{1,3})%$/.exec(value) : null;
  if (percent !== null && Number(percent[1]) <= 100) return { percent: Number(percent[1]) };
  reader.complain(node.source, `${what} has to be a number of hosts, or a share of them`, {
    fix: 'write 3, or 20%',
  });
  return undefined;
}

/** `10m`, `30s`; a number is in seconds. */
function readDuration(reader: ShapeReader, node: Node, what: string): number {
  const value = node.type === 'scalar' ? node.value : undefined;
  if (typeof value === 'number' && value >= 0) return value * 1000;
  const match = typeof value === 'string' ? /^(\d{1,6})(ms|s|m|h)$/.exec(value) : null;
  if (match !== null) return Number(match[1]) * (UNITS_MS[match[2] ?? 's'] ?? 1000);
  reader.complain(node.source, `${what} has to be a duration`, { fix: 'write 30s, 10m or 1h' });
  return 0;
}

function readGate(reader: ShapeReader, name: string, node: Node): Gate | undefined {
  const known = [...CHECKS, 'expect', 'on', 'when', 'tries', 'every'] as const;
  const members = reader.members(node, `the gate ${name}`, known);
  const checks = CHECKS.filter((key) => members.has(key));
  const [of] = checks;
  if (of === undefined || checks.length > 1) {
    reader.complain(node.source, `the gate ${name} has to look at one thing`, {
      why: `these are ${CHECKS.join(', ')}`,
      fix: "write one of them: {http: 'http://{address}/health'}",
    });
    return undefined;
  }
  const check = readCheck(reader, of, members);
  const [whenNode, triesNode, everyNode] = (['when', 'tries', 'every'] as const).map((key) =>
    members.get(key),
  );
  const when =
    whenNode === undefined
      ? undefined
      : reader.texts(whenNode, 'when of a gate', 'single-too').flatMap(({ value, source }) => {
          const moment = MOMENTS.find((each) => each === value);
          if (moment === undefined)
            reader.complain(source, `a gate is asked ${MOMENTS.join(', ')}; not ${value}`, {
              fix: didYouMean(value, MOMENTS),
            });
          return moment ?? [];
        });
  return {
    name,
    source: node.source,
    when: when ?? (of === 'converged' ? ['after'] : ['after', 'soak']),
    tries:
      triesNode === undefined ? 1 : (reader.integer(triesNode, 'tries of a gate', [1, 1000])?.value ?? 1),
    everyMs: everyNode === undefined ? 2000 : readDuration(reader, everyNode, 'every of a gate'),
    check,
  };
}

function readCheck(
  reader: ShapeReader,
  of: (typeof CHECKS)[number],
  members: ReadonlyMap<string, Node>,
): GateCheck {
  const node = members.get(of);
  const text = (): string => (node === undefined ? '' : (reader.text(node, of)?.value ?? ''));
  switch (of) {
    case 'converged':
      return { of };
    case 'units':
      return {
        of,
        units: node === undefined ? [] : reader.texts(node, of, 'single-too').map(({ value }) => value),
      };
    case 'tcp':
      return { of, port: node === undefined ? 0 : (reader.integer(node, of, [1, 65_535])?.value ?? 0) };
    case 'http': {
      const url = text();
      const expect = members.get('expect');
      if (node !== undefined && url !== '' && !URL.canParse(url.replaceAll(/\{(host|address)\}/g, 'h')))
        reader.complain(node.source, `"${url}" is no URL`, {
          fix: "write http: 'http://{address}:8080/health'",
        });
      return {
        of,
        url,
        expect:
          expect === undefined ? 200 : (reader.integer(expect, 'expect of a gate', [100, 599])?.value ?? 200),
      };
    }
    case 'command': {
      const on = members.get('on');
      const where =
        on === undefined ? 'host' : reader.choice(on, 'on of a gate', ['host', 'controller'])?.value;
      return { of, command: text(), on: where ?? 'host' };
    }
  }
}
