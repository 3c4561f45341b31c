import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, it } from 'mocha';
import { checkFleet, type FleetResult } from '../../lib/cli/check-fleet.ts';
import { queueOf, type DoneBlock } from '../../lib/cli/check-share.ts';
import type { FleetWork } from '../../lib/cli/check-worker.ts';
import type { CheckedHost } from '../../lib/engine/check-host.ts';
import { openProject, type OpenProject } from '../../lib/cli/open-project.ts';
import { withProjectTree } from '../support/command-line.ts';

const FROM_SOURCES = new URL('../support/check-worker.mjs', import.meta.url);

/** Twenty hosts: one with grains on record, a warning in each, mistakes in some, a secret in all. */
const FILES = {
  'inventories/prod/inventory.yaml':
    "defaults: {vars: {ratio: 0.5, big: 12345678901234567890}}\nhosts:\n  web[01-20]: {}\nsecrets: ['password']\n",
  'inventories/prod/pillar/top.sls': "base:\n  '*': [all]\n",
  'inventories/prod/pillar/all.sls': 'password: pass-of-{{ grains["id"] }}\n',
  '.slab/grains/prod/web07.json': '{"id": "web07", "os": "Rocky"}',
  'states/top.sls': "base:\n  '*': [site, asks]\n",
  'states/asks.sls': "asks:\n  test.nop:\n    - name: {{ salt['cmd.run']('hostname') }}\n",
  'states/site.sls': `/etc/motd:
  file.managed:
    - contents: {{ grains["id"] }} {{ grains["os"] }} {{ host.vars.ratio }} {{ host.vars.big }} {{ pillar.extra }}
    - mode: {{ '999' if grains["id"][-1] == "3" else '0644' }}
{% if grains["id"] == "web11" %}
broken: [
{% endif %}
`,
};

function inProject<T>(
  work: (project: OpenProject) => Promise<T>,
  more: Readonly<Record<string, string>> = {},
): Promise<T> {
  return withProjectTree({ ...FILES, ...more }, (folder) => {
    const { project } = openProject({ project: folder, states: [], pillarData: '{"extra": 0.25}' });
    assert.ok(project);
    return work(project);
  });
}

const check = (
  project: OpenProject,
  helpers: number,
  program: URL | string = FROM_SOURCES,
): Promise<FleetResult<CheckedHost>> => checkFleet(project, { lax: false, helpers, program });

describe('hosts checked in several threads', function () {
  // A thread from sources compiles them first.
  this.timeout(60_000);

  it('come out as in one, in the same order', () =>
    inProject(async (project) => {
      const one = await check(project, 0);

      assert.deepEqual(await check(project, 2), one);
      assert.equal(one.done.length, 20);
      assert.equal(one.assumed, 19);
      assert.deepEqual(one.done[6]?.secrets, ['pass-of-web07']);
      const broken = one.done.flatMap(({ diagnostics }, index) =>
        diagnostics.some(({ severity }) => severity === 'error') ? [index + 1] : [],
      );
      assert.deepEqual(broken, [3, 11, 13]);
    }));

  it('come out the same from a thread of its own', () =>
    inProject(async (project) => {
      const work: FleetWork = {
        queue: queueOf(project.hosts),
        task: { do: 'check', parts: project.parts, lax: false },
      };
      const worker = new Worker(FROM_SOURCES, { workerData: work });
      const blocks: DoneBlock<CheckedHost>[] = [];
      worker.on('message', (block: DoneBlock<CheckedHost>) => blocks.push(block));
      await once(worker, 'exit');

      const { done, assumed } = await check(project, 0);

      assert.deepEqual(
        blocks.flatMap((block) => block.done),
        done,
      );
      assert.deepEqual(
        blocks.map(({ first }) => first),
        [0, 8, 16],
      );
      assert.equal(
        blocks.reduce((sum, block) => sum + block.assumed, 0),
        assumed,
      );
    }));

  const failing: readonly [string, URL | string, string | RegExp][] = [
    ['fails', new URL('data:text/javascript,throw new Error("no memory for it")'), 'no memory for it'],
    ['cannot be started', 'nowhere.cjs', /nowhere\.cjs/],
  ];
  for (const [what, program, problem] of failing) {
    it(`are all checked when a thread ${what}, and that is said`, () =>
      inProject(async (project) => {
        const { done, assumed, problems } = await check(project, 1, program);

        assert.deepEqual({ done, assumed, problems: [] }, await check(project, 0));
        assert.equal(problems.length, 1);
        assert.match(problems[0] ?? '', new RegExp(problem));
      }));
  }

  it('are all checked when a thread takes some and dies', () =>
    inProject(async (project) => {
      const dying = new URL(
        `data:text/javascript,${encodeURIComponent(
          'import { workerData } from "node:worker_threads"; Atomics.add(workerData.queue.next, 0, 8); process.exit(7);',
        )}`,
      );
      const one = await check(project, 0);

      const { done, assumed, problems } = await check(project, 1, dying);

      assert.deepEqual({ done, assumed, problems: [] }, one);
      assert.deepEqual(problems, ['it ended with 7']);
    }));

  for (const helpers of [0, 2]) {
    it(`end with the error of the first host that has one, with ${helpers} threads more`, () =>
      inProject((project) => assert.rejects(check(project, helpers), /web05\.json are no JSON object/), {
        '.slab/grains/prod/web05.json': '[',
        '.slab/grains/prod/web18.json': '[',
      }));
  }
});
