import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Node } from '../model/node.ts';
import type { Kind } from '../model/resource.ts';
import type { Chunk } from '../model/state.ts';
import type { Scalar } from '../model/value.ts';
import type { Retry, RunSettings } from '../plan/run-settings.ts';

/** What the global arguments of one chunk say of the way it runs. */
export interface ParsedSettings {
  readonly settings: RunSettings;
  /** The commands of a `check_cmd` that its function does not know itself. */
  readonly check: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Salt's defaults. */
const RETRY: Retry = { attempts: 2, until: true, interval: 30, splay: 0 };

/** More than this in one run is a loop by mistake. */
const MOST_ATTEMPTS = 1000;

/** @param failhard what the inventory says for states that do not say it themselves. */
export function parseRunSettings(chunk: Chunk, kind: Kind | undefined, failhard: boolean): ParsedSettings {
  const diagnostics: Diagnostic[] = [];
  const own = (kind?.functions[chunk.fun]?.schema['properties'] ?? {}) as object;
  const node = (name: string) => (Object.hasOwn(own, name) ? undefined : chunk.args.get(name)?.value);
  const flag = (name: string, otherwise: boolean): boolean => {
    const given = node(name);
    if (given === undefined) return otherwise;
    const value = scalar(given);
    if (typeof value === 'boolean') return value;
    diagnostics.push(wrong(given, `${name} must be true or false`));
    return otherwise;
  };
  const retry = node('retry');
  const check = node('check_cmd');
  const settings = {
    failhard: flag('failhard', failhard),
    forgives: !flag('onfail_stop', true),
    notes: meaningless(flag, node),
    ...(retry === undefined ? {} : { retry: readRetry(retry, diagnostics) }),
  };
  return { settings, check: check === undefined ? [] : readCheck(check, diagnostics), diagnostics };
}

/** Arguments that change nothing here are taken, and the plan says so. */
function meaningless(
  flag: (name: string, otherwise: boolean) => boolean,
  node: (name: string) => Node | undefined,
): readonly string[] {
  const event = node('fire_event');
  const fires = event !== undefined && scalar(event) !== false;
  return [
    ...(flag('parallel', false) ? ['parallel: no effect, the states of a host run one after the other'] : []),
    ...(fires ? ['fire_event: no effect, there is no event bus to listen on'] : []),
    ...(node('provider') === undefined ? [] : ['provider: no effect, slab finds out what the host has']),
  ];
}

function readRetry(node: Node, diagnostics: Diagnostic[]): Retry {
  if (node.type !== 'map') {
    diagnostics.push({
      severity: 'warning',
      code: 'SLAB2105',
      summary: 'retry is not a mapping, so its defaults hold: 2 attempts, 30 s apart',
      source: node.source,
      fix: 'write it as retry: {attempts: 5, interval: 10}',
    });
    return RETRY;
  }
  const retry: Record<string, boolean | number> = { ...RETRY };
  for (const { key, value } of node.entries) {
    const name = scalar(key);
    const given = scalar(value);
    if (typeof name !== 'string' || !Object.hasOwn(RETRY, name))
      diagnostics.push(
        wrong(key, `retry has no "${describe(key)}"; it has attempts, until, interval and splay`),
      );
    else if (name === 'until' && typeof given === 'boolean') retry[name] = given;
    else if (name === 'until') diagnostics.push(wrong(value, 'until must be true or false'));
    else if (isCount(given, name === 'attempts' ? 1 : 0)) retry[name] = given;
    else diagnostics.push(wrong(value, `${name} must be a whole number`));
  }
  // Every field was checked as it was put in.
  const read = retry as unknown as Retry;
  if (read.attempts <= MOST_ATTEMPTS) return read;
  diagnostics.push(wrong(node, `${read.attempts} attempts are too many; the most is ${MOST_ATTEMPTS}`));
  return RETRY;
}

function isCount(value: Scalar | undefined, least: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value < 1e6;
}

function readCheck(node: Node, diagnostics: Diagnostic[]): readonly string[] {
  const nodes = node.type === 'list' ? node.items : [node];
  return nodes.flatMap((each) => {
    const value = scalar(each);
    // YAML makes booleans of the commands true and false.
    if (typeof value === 'string' || typeof value === 'boolean') return [String(value)];
    diagnostics.push(wrong(each, 'check_cmd takes shell commands'));
    return [];
  });
}

function describe(node: Node): string {
  const value = scalar(node);
  return typeof value === 'string' ? value : JSON.stringify(value ?? node.type);
}

function scalar(node: Node): Scalar | undefined {
  return node.type === 'scalar' ? node.value : undefined;
}

function wrong(node: Node, summary: string): Diagnostic {
  return { severity: 'error', code: 'SLAB2105', summary, source: node.source };
}
