import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { kinds } from '../../lib/resources/index.ts';
import type { Change } from '../../lib/model/change.ts';
import type { Json } from '../../lib/model/json.ts';
import type { Prospect } from '../../lib/model/resource.ts';
import type { SectionResult } from '../../lib/model/script.ts';
import type { Step } from '../../lib/model/step.ts';
import type { CaseState } from './cases.ts';
import { declareStates, examine } from './observe-case.ts';
import type { withLab } from './lab.ts';

/** One state brought about on a lab host. */
interface Brought {
  readonly changes: readonly Change[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  readonly shortfalls: readonly string[];
  /** Exit codes of the steps that ran, and all they wrote. */
  readonly codes: readonly number[];
  readonly output: string;
  /** What still differs afterwards: nothing, unless a step failed. */
  readonly left: readonly string[];
}

/** A state such as `service.running`, its name and its arguments. */
type Wish = readonly [fun: string, name: string, args?: Readonly<Record<string, Json>>];

/** Plans and applies states on one host of a lab without an engine. */
export function bringer(lab: ReturnType<typeof withLab>, host: () => string): Bring {
  const run = (text: string): SectionResult => {
    const child = spawnSync('ssh', [...lab.lab.sshArguments(host()), 'sh -s'], {
      input: `export LC_ALL=C\numask 077\n${text}\n`,
    });
    if (child.error) throw child.error;
    return {
      name: 'x',
      code: child.status ?? 255,
      stdout: child.stdout,
      stderr: child.stderr.toString(),
      durationMs: 1,
    };
  };
  const look = ([full, name, args = {}]: Wish, foreseen: Prospect['earlier']) => {
    const [module = '', fun = ''] = full.split('.');
    const kind = kinds.get(module);
    assert.ok(kind);
    const state: CaseState = { function: fun, name, args };
    const { declared, diagnostics } = declareStates(kind, { states: [state] });
    assert.deepEqual(diagnostics, []);
    const answer = run(`{\n${kind.probe(declared, new Map()).text}\n} </dev/null`);
    const prospect = Object.fromEntries(foreseen.map(({ object }) => [object, { exists: true }]));
    const [examined] = examine(kind, declared, answer, prospect);
    assert.ok(examined);
    return { kind, examined };
  };
  const runSteps = (steps: readonly Step[]) => {
    const ran: SectionResult[] = [];
    for (const step of steps) {
      const result = run(`set -eu\n${step.script.text}`);
      ran.push(result);
      if (![0, 117].includes(result.code)) break;
    }
    return ran;
  };
  return {
    bring: (wish, { foreseen = [], refresh = false, between } = {}) => {
      const { kind, examined } = look(wish, foreseen);
      const { declared, observed, diff } = examined;
      if (between !== undefined) run(`set -eu\n${between}`);
      const triggered = refresh ? (kind.refresh(declared, observed)?.steps ?? []) : [];
      const ran = runSteps([...examined.steps, ...triggered]);
      const after = look(wish, []).examined.diff;
      return {
        changes: diff.changes,
        problems: diff.problems ?? [],
        notes: diff.notes ?? [],
        shortfalls: diff.shortfalls ?? [],
        codes: ran.map(({ code }) => code),
        output: ran.map(({ stdout, stderr }) => `${new TextDecoder().decode(stdout)}${stderr}`).join(''),
        left: [...after.changes.map(({ field }) => field), ...(after.problems ?? [])],
      };
    },
    run: (text) => {
      const { code, stdout, stderr } = run(`set -eu\n${text}`);
      assert.equal(code, 0, `${text}\n${stderr}`);
      return new TextDecoder().decode(stdout);
    },
  };
}

/** What a test does on a host. */
export interface Bring {
  readonly bring: (
    wish: Wish,
    options?: {
      /** Changes of earlier states. */
      readonly foreseen?: Prospect['earlier'];
      /** A watched state has changed. */
      readonly refresh?: boolean;
      /** Shell text that runs on the host between plan and steps. */
      readonly between?: string;
    },
  ) => Brought;
  /** Runs shell text there and answers with what it wrote. */
  readonly run: (text: string) => string;
}
