import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { reportPlan } from '../../lib/plan/report.ts';
import { savedPlanText, sealPlan, type SavedPlan } from '../../lib/plan/saved-plan.ts';
import { runCommandLine, withProjectTree } from '../support/command-line.ts';
import { chunk, contents, hostPlan, planOf } from '../support/plans.ts';
import { faultsIn, SCALE, SEED } from './faults.ts';
import { damaged } from './project-arbitrary.ts';

const motd = chunk('file.managed', '/etc/motd', 'site.sls:1', {
  changes: [contents('file:/etc/motd', 'old\n', 'new\n')],
});
const report = reportPlan(planOf([hostPlan('web1', [motd])]));

const plan = (shown: unknown): string =>
  savedPlanText(
    sealPlan({
      ...{ slab: '0.1.0', environment: 'prod', inventory: 'a'.repeat(64), target: null, sls: [], lax: false },
      ...{ confirmWithin: null, commit: null, dirty: false, expiresAt: '2036-11-28T00:00:00Z', salt: 'b'.repeat(32) },
      ...{ report: shown as SavedPlan['report'], operations: { web1: [] } },
    }),
  ); // prettier-ignore

const name = {
  ...{ key: 'file_|-motd_|-/etc/motd_|-managed', function: 'file.managed', id: 'motd', name: '/etc/motd' },
  source: { file: 'states/site.sls', line: 1, column: 1, endColumn: 5 },
};
const result = {
  ...{ host: 'web1', status: 'converged', changed: 1, failed: 0, skipped: 0, unknown: 0 },
  ...{ remaining: [], durationMs: 12 },
};
const journal = [
  { format: 'slab.events/1' },
  ...[
    { type: 'run.started', command: 'apply', run: '5363e4d2', environment: 'prod', hosts: ['web1'], process: 1 },
    { type: 'host.connected', host: 'web1', durationMs: 3 },
    { type: 'chunk.started', host: 'web1', chunk: name, step: 'write' },
    { type: 'chunk.finished', host: 'web1', chunk: name, outcome: { status: 'changed' }, durationMs: 3 },
    { type: 'host.finished', host: 'web1', result },
    { type: 'run.finished', exitCode: 0, durationMs: 20 },
  ].map((event) => ({ at: '2026-11-28T21:31:53.230Z', ...event })),
].map((each) => `${JSON.stringify(each)}\n`).join(''); // prettier-ignore

/** Files that slab writes, or that say how it rolls out; and the commands that read them. */
const RECORDS: Readonly<Record<string, { readonly text: string; readonly commands: readonly string[][] }>> = {
  'prod.slabplan': {
    text: plan(report),
    commands: [
      ['show', './prod.slabplan'],
      ['show', './prod.slabplan', '--format', 'md'],
    ],
  },
  '.slab/runs/5363e4d2.jsonl': { text: journal, commands: [['history'], ['show', '5363e4d2']] },
  'inventories/prod/snapshots/web1.json': {
    text: '{\n  "format": "slab.snapshot/1",\n  "grains": {\n    "id": "web1",\n    "os": "Debian"\n  },\n  "answers": {}\n}\n',
    commands: [['check']],
  },
  'inventories/prod/rollout.yaml': {
    text: `stages:
  - {name: canary, target: web1, batch: all, gates: [converged, health], soak: 10s}
  - {name: rest, target: '*', batch: {size: 10%, max: 2, pause: 1s}, budget: 1, gates: [store]}
gates:
  health: {http: 'http://{address}/health', tries: 5, every: 3s}
  store: {s3: 'http://{address}:8080/probes', credentials: {env: KEYS}, region: us-east-1}
budget: 3
`,
    commands: [['deploy', '--explain']],
  },
};

const SITE = {
  'inventories/prod/inventory.yaml': 'hosts: {web1: {address: 192.0.2.1}, web2: {address: 192.0.2.2}}\n',
  'states/top.sls': "base: {'*': [site]}\n",
  'states/site.sls': "/etc/motd:\n  file.managed:\n    - contents: {{ grains['id'] }}\n",
};

/** A project in which one of them is damaged, and how its commands end. */
async function endsWith(
  path: string,
  text: string | Uint8Array,
): Promise<readonly [string, number, string[]][]> {
  return withProjectTree({ ...SITE, [path]: text }, async (project) => {
    const ends: [string, number, string[]][] = [];
    for (const command of RECORDS[path]?.commands ?? []) {
      const at = command.map((word) => (word.startsWith('./') ? `${project}/${word.slice(2)}` : word));
      const end = await runCommandLine(project, at);
      ends.push([command.join(' '), end.code, faultsIn(end, /^error\[SLAB(6\d\d\d|1011)\]/).map(String)]);
    }
    return ends;
  });
}

/** One value of a document, deep within it, becomes another. */
function replaceIn(value: unknown, path: readonly number[], other: unknown): unknown {
  const [first = 0, ...rest] = path;
  if (typeof value !== 'object' || value === null || path.length === 0) return other;
  const entries = Object.entries(value as Readonly<Record<string, unknown>>);
  const at = first % Math.max(1, entries.length);
  const changed = entries.map(
    ([key, inner], index) => [key, index === at ? replaceIn(inner, rest, other) : inner] as const,
  );
  return Array.isArray(value) ? changed.map(([, inner]) => inner) : Object.fromEntries(changed);
}

describe(`what slab keeps, and how it rolls out, when it is damaged (SLAB_FUZZ_SEED=${SEED})`, () => {
  for (const [path, { text }] of Object.entries(RECORDS)) {
    it(`is read where it is whole: ${path}`, async () => {
      for (const [command, code, faults] of await endsWith(path, text))
        assert.deepEqual([command, code, faults], [command, 0, []]);
    });

    it(`is never a crash: ${path}`, async function () {
      this.timeout(60_000 * SCALE);

      const codes = new Set<number>();
      await fc.assert(
        fc.asyncProperty(damaged, async (damage) => {
          for (const [command, code, faults] of await endsWith(path, damage(text))) {
            codes.add(code);
            assert.deepEqual([command, faults], [command, []]);
          }
        }),
        { numRuns: 40 * SCALE, seed: SEED },
      );

      // Damage that never matters would find nothing.
      assert.ok(codes.has(3), [...codes].join());
    });
  }

  it('is never a crash where somebody gave a changed plan an id of its own', async function () {
    this.timeout(60_000 * SCALE);

    const codes = new Set<number>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }),
        fc.jsonValue({ maxDepth: 1 }),
        async (at, other) => {
          for (const [command, code, faults] of await endsWith(
            'prod.slabplan',
            plan(replaceIn(structuredClone(report), at, other)),
          )) {
            codes.add(code);
            assert.deepEqual([command, faults], [command, []]);
          }
        },
      ),
      { numRuns: 60 * SCALE, seed: SEED },
    );

    assert.deepEqual([...codes].sort(), [0, 3]);
  });
});
