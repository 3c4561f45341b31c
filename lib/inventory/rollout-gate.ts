import { didYouMean } from '../diagnostics/near.ts';
import type { Node } from '../model/node.ts';
import type { Gate, GateCheck, GateMoment, S3Keys } from '../model/rollout.ts';
import type { SourceRange } from '../model/source.ts';
import { readDuration } from './rollout-amount.ts';
import type { ShapeReader } from './shape.ts';

const MOMENTS: readonly GateMoment[] = ['before', 'after', 'soak'];
const CHECKS = ['converged', 'units', 'tcp', 'http', 's3', 'command'] as const;

/** Keys that say more of one sort of gate, and nothing of others. */
const DETAILS: Readonly<Partial<Record<string, (typeof CHECKS)[number]>>> = {
  ...{ expect: 'http', on: 'command', credentials: 's3', region: 's3' },
};

/** Reads one entry of `gates`; undefined when it does not say what to look at. */
export function readGate(reader: ShapeReader, name: string, node: Node): Gate | undefined {
  const known = [...CHECKS, 'expect', 'on', 'credentials', 'region', 'when', 'tries', 'every'] as const;
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
  for (const [key, { source }] of members) {
    const belongs = DETAILS[key];
    if (belongs !== undefined && belongs !== of)
      reader.complain(source, `${key} says nothing about a gate that looks at ${of}`, {
        why: `it belongs to ${belongs}`,
        fix: `leave out ${key}`,
      });
  }
  const check = readCheck(reader, { of, at: node.source }, members);
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
  { of, at }: { readonly of: (typeof CHECKS)[number]; readonly at: SourceRange },
  members: ReadonlyMap<string, Node>,
): GateCheck {
  const node = members.get(of);
  switch (of) {
    case 'converged':
      return { of };
    case 'units':
      return { of, units: readSome(reader, node, of) };
    case 'tcp':
      return { of, port: node === undefined ? 0 : (reader.integer(node, of, [1, 65_535])?.value ?? 0) };
    case 'http': {
      const expect = members.get('expect');
      return {
        of,
        url: readUrl(reader, node, { of, fix: "write http: 'http://{address}:8080/health'" }),
        expect:
          expect === undefined ? 200 : (reader.integer(expect, 'expect of a gate', [100, 599])?.value ?? 200),
      };
    }
    case 's3': {
      const region = members.get('region');
      return {
        of,
        url: readUrl(reader, node, { of, fix: "write s3: 'http://{address}:8080/bucket'" }),
        region: (region && reader.text(region, 'region of a gate')?.value) ?? 'us-east-1',
        keys: readKeys(reader, members.get('credentials'), at),
      };
    }
    case 'command': {
      const on = members.get('on');
      const where =
        on === undefined ? 'host' : reader.choice(on, 'on of a gate', ['host', 'controller'])?.value;
      return { of, command: readSome(reader, node, of).join(''), on: where ?? 'host' };
    }
  }
}

/** One text or several; a gate that looks at nothing would always be green. */
function readSome(reader: ShapeReader, node: Node | undefined, of: 'units' | 'command'): readonly string[] {
  if (node === undefined) return [];
  const before = reader.diagnostics.length;
  const found =
    of === 'units'
      ? reader.texts(node, of, 'single-too')
      : [reader.text(node, of)].flatMap((each) => each ?? []);
  if (reader.diagnostics.length === before && (found.length === 0 || found.some(({ value }) => value === '')))
    reader.complain(node.source, `the gate looks at no ${of === 'units' ? 'unit' : 'command'}`, {
      fix: of === 'units' ? 'write units: [nginx]' : 'write command: test -e /run/ready',
    });
  return found.map(({ value }) => value);
}

/** A URL of http whose escapes can be read, with `{host}` and `{address}` in it. */
function readUrl(
  reader: ShapeReader,
  node: Node | undefined,
  { of, fix }: { readonly of: string; readonly fix: string },
): string {
  const url = node === undefined ? undefined : reader.text(node, of)?.value;
  if (node === undefined || url === undefined) return '';
  const whole = url.replaceAll(/\{(host|address)\}/g, 'h');
  const isUrl = /^https?:/.test(whole) && URL.canParse(whole) && !/%(?![0-9a-f]{2})/i.test(whole);
  if (!isUrl) reader.complain(node.source, `"${url}" is no URL of http or https`, { fix });
  return url;
}

/** `{file: keys}` or `{env: S3_KEYS}`. */
function readKeys(reader: ShapeReader, node: Node | undefined, gate: SourceRange): S3Keys {
  const fix = 'write credentials: {file: path} or {env: NAME}; either holds what ~/.aws/credentials does';
  const none: S3Keys = { from: 'file', name: '' };
  if (node === undefined) {
    reader.complain(gate, 'a gate over S3 needs credentials', { fix });
    return none;
  }
  const members = reader.members(node, 'credentials', ['file', 'env']);
  const [first, second] = (['file', 'env'] as const).flatMap((from) => {
    const value = members.get(from);
    return value === undefined ? [] : [{ from, value }];
  });
  if (first === undefined || second !== undefined) {
    reader.complain(node.source, 'credentials come from a file or from a variable', { fix });
    return none;
  }
  return { from: first.from, name: reader.text(first.value, `${first.from} of credentials`)?.value ?? '' };
}
