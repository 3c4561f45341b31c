import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { runCommandLine, withProjectTree } from '../support/command-line.ts';

const FILES = {
  'inventories/prod/inventory.yaml': 'hosts: {"web[1-5]": {}}\n',
  'inventories/prod/rollout.yaml': `stages:
  - {name: canary, target: web1, soak: 1m}
  - {name: rest, target: '*', batch: {size: 2, pause: 10s}}
`,
  'states/top.sls': "base: {'*': [site]}\n",
  'states/site.sls': 'a: {test.nop: []}\n',
};

/** A record of a roll-out: what it said of itself, each at so many seconds. */
function record(
  run: string,
  steps: readonly (readonly [number, string, string])[],
  environment = 'prod',
): string {
  const at = (seconds: number) => new Date(Date.UTC(2026, 10, 28, 20, 0, seconds)).toISOString();
  const head = { at: at(0), type: 'run.started', command: 'deploy', run, environment, hosts: ['web1'] };
  const rows = steps.map(([seconds, step, stage]) => ({
    ...{ at: at(seconds), type: 'rollout', step, stage, level: 'info', message: step, hosts: [] },
  }));
  return [{ format: 'slab.events/1' }, head, ...rows].map((each) => `${JSON.stringify(each)}\n`).join('');
}

const explain = (records: Readonly<Record<string, string>>) =>
  withProjectTree({ ...FILES, ...records }, async (folder) => {
    const { code, stdout, stderr } = await runCommandLine(folder, ['deploy', '--explain', '--width', '200']);
    assert.equal(code, 0, stderr);
    return stdout.split('\n').find((line) => line.startsWith('Expected time')) ?? stdout;
  });

const CANARY = [
  [0, 'stage', 'canary'],
  [1, 'batch', 'canary'],
  [20, 'gate', 'canary'],
  [31, 'wait', 'canary'],
  [91, 'end', 'canary'],
] as const;

describe('the time that a roll-out is expected to take', function () {
  this.timeout(60_000);

  it('is not known without an earlier one of the environment', async () => {
    const other = record('aaaaaaaa', CANARY, 'lab');

    assert.equal(
      await explain({ '.slab/runs/aaaaaaaa.jsonl': other }),
      'Expected time: not known; no earlier roll-out of prod is on record here',
    );
  });

  it('is that of batches on record, gates included, with the soak; a stage that was never rolled out is named', async () => {
    assert.equal(
      await explain({ '.slab/runs/aaaaaaaa.jsonl': record('aaaaaaaa', CANARY) }),
      'Expected time: about 1 m 30 s, and rest, of which nothing is on record: canary 1 m 30 s (1 x 30 s, soak 1 m 0 s, as in run aaaaaaaa)',
    );
  });

  it('takes the median of the batches that came to their end, as often as there are batches now, with pauses', async () => {
    const rest = [
      [100, 'batch', 'rest'],
      [120, 'batch', 'rest'],
      [160, 'batch', 'rest'],
      [180, 'batch', 'rest'],
      [900, 'halt', 'rest'],
    ] as const;

    assert.equal(
      await explain({ '.slab/runs/aaaaaaaa.jsonl': record('aaaaaaaa', [...CANARY, ...rest]) }),
      'Expected time: about 2 m 20 s: canary 1 m 30 s (1 x 30 s, soak 1 m 0 s, as in run aaaaaaaa); rest 50 s (2 x 20 s, 1 pause of 10.0 s, as in run aaaaaaaa)',
    );
  });
});
