import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab, type Project } from '../../support/slab.ts';

/** So many times; `SLAB_KILLS=50` for the long form. */
const TIMES = Number(process.env['SLAB_KILLS'] ?? 3);
/** `SLAB_SEED` plays one again. */
const SEED = Number(process.env['SLAB_SEED'] ?? Date.now() % 1_000_000);

/**
 * Steps that take a moment; each writes a line each time it runs. Some show whether they were done; nothing keeps
 * `migrate` from running twice, and `react` and `refresh` follow from a change that is there when slab has died.
 */
const STATES = `
/srv/campaign/conf:
  file.managed:
    - contents: {{ pillar.version }}
    - makedirs: true
migrate:
  cmd.run:
    - name: echo migrate >>/srv/campaign/lines; sleep 0.2
${['one', 'two', 'three']
  .map(
    (word) => `
${word}:
  cmd.run:
    - name: echo ${word} >>/srv/campaign/lines; sleep 0.2; echo {{ pillar.version }} >/srv/campaign/${word}
    - unless: grep -qx {{ pillar.version }} /srv/campaign/${word}
`,
  )
  .join('')}
react:
  cmd.run:
    - name: echo react >>/srv/campaign/lines; sleep 0.2
    - onchanges: [{file: /srv/campaign/conf}]
refresh:
  cmd.wait:
    - name: echo refresh >>/srv/campaign/lines
    - watch: [{file: /srv/campaign/conf}]
`;

/** A small generator of numbers below 1, the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Shown {
  readonly exitCode: number | null;
  readonly hosts: readonly { readonly host: string; readonly state: string }[];
}

describe(`a roll-out whose slab is killed at some moment (SLAB_SEED=${SEED})`, function () {
  this.timeout(90_000 + 60_000 * TIMES);
  const hosts = withSlab({ count: 3, form: 'light' });
  const { on, name } = hosts;
  const all = [0, 1, 2];
  const versionsOn = async (index: number): Promise<readonly string[]> =>
    (await on(name(index), 'cd /srv/campaign && cat one two three 2>/dev/null; true')).trim().split('\n');
  /** Undefined: it was killed before it had begun. */
  const shown = async (project: Project, before: readonly string[]): Promise<Shown | undefined> => {
    const runs = await runsOf(project);
    const run = runs.find((each) => !before.includes(each));
    if (run === undefined) return undefined;
    return JSON.parse((await project.slab('show', run, '--json')).stdout) as Shown;
  };
  const runsOf = async (project: Project): Promise<readonly string[]> =>
    (
      JSON.parse((await project.slab('history', '--json', '-n', '1000')).stdout) as readonly {
        readonly run: string;
      }[]
    ).map(({ run }) => run);

  it('leaves every host done, untouched or named, and a resume finishes', async () => {
    const random = numbers(SEED);
    const project = hosts.project({
      files: {
        'states/site.sls': STATES,
        'inventories/lab/pillar/top.sls': "base: {'*': [all]}\n",
        'inventories/lab/rollout.yaml': `stages:
  - {name: canary, target: ${name(0)}, gates: [converged]}
  - {name: rest, target: '*', batch: all, gates: [converged]}
`,
      },
    });
    await Promise.all(all.map((index) => on(name(index), 'mkdir -p /srv/campaign')));
    for (let round = 1; round <= TIMES; round++) {
      const before = `v${round - 1}`;
      const version = `v${round}`;
      project.write({ 'inventories/lab/pillar/all.sls': `version: ${version}\n` });
      const said = `round ${round} of seed ${SEED}`;
      // Which stages these states have passed is known by their trees; a new version of the pillar begins anew.
      project.write({ 'states/site.sls': `${STATES}# ${version}\n` });
      const earlier = await runsOf(project);
      const run = project.start('deploy', '-y', '--progress', 'lines');
      const timer = setTimeout(() => run.kill('SIGKILL'), 300 + random() * 6000);
      const first = await run.ended;
      clearTimeout(timer);

      const record = await shown(project, earlier);
      for (const { host, state } of first.code === 0 ? [] : (record?.hosts ?? [])) {
        const found = await versionsOn(all.find((index) => name(index) === host) ?? 0);
        if (state === 'done') assert.deepEqual(found, [version, version, version], `${said}: ${host}`);
        else if (state === 'untouched' && round > 1)
          assert.deepEqual(found, [before, before, before], `${said}: ${host}`);
        else assert.ok(['unknown', 'untouched'].includes(state), `${said}: ${host} is ${state}`);
      }
      const resumed = await project.slab('deploy', '-y', '--resume', '--wait', '30', '--progress', 'lines');

      assert.equal(resumed.code, 0, `${said}: ${first.all}\n${resumed.all}`);
      for (const index of all)
        assert.deepEqual(await versionsOn(index), [version, version, version], `${said}: ${name(index)}`);
    }
    // A step that was at work when slab was killed ends by itself before the host is free, so none ran twice; and none
    // that was to follow was lost.
    for (const index of all) {
      const lines = (await on(name(index), 'cat /srv/campaign/lines')).trim().split('\n').sort();
      const wanted = ['migrate', 'one', 'two', 'three', 'react', 'refresh']
        .flatMap((word) => Array<string>(TIMES).fill(word))
        .sort();
      assert.deepEqual(lines, wanted, `${name(index)}, seed ${SEED}`);
    }
  });
});
