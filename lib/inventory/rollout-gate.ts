import { didYouMean } from '../diagnostics/near.ts';
import type { Node } from '../model/node.ts';
import type { Gate, GateCheck, GateMoment } from '../model/rollout.ts';
import { readDuration } from './rollout-amount.ts';
import type { ShapeReader } from './shape.ts';

const MOMENTS: readonly GateMoment[] = ['before', 'after', 'soak'];
const CHECKS = ['converged', 'units', 'tcp', 'http', 'command'] as const;

/** Reads one entry of `gates`; undefined when it does not say what to look at. */
export function readGate(reader: ShapeReader, name: string, node: Node): Gate | undefined {
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
