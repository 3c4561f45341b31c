import assert from 'node:assert/strict';
import type { Project, withSlab } from './slab.ts';

type Hosts = ReturnType<typeof withSlab>;

/** Where each step of a campaign leaves a line, with its version, each time it ran to its end. */
const LINES = '/srv/campaign/lines';

/** A step that takes a moment; two of them at work on one host at the same time leave a line as well. */
const step = (word: string): string =>
  `mkdir /run/campaign || echo CLASH >>${LINES}; sleep 0.2; echo "${word} {{ pillar.version }}" >>${LINES}; rmdir /run/campaign`;

/**
 * Some show whether they were done; nothing keeps `migrate` from running twice; `react` and `refresh` follow from a
 * change that is there when slab or the host has died.
 */
const STATES = `
/srv/campaign/conf:
  file.managed:
    - contents: {{ pillar.version }}
    - makedirs: true
migrate:
  cmd.run:
    - name: ${step('migrate')}
${['one', 'two', 'three']
  .map(
    (word) => `
${word}:
  cmd.run:
    - name: ${step(word)}
    - unless: grep -qx "${word} {{ pillar.version }}" ${LINES}
`,
  )
  .join('')}
react:
  cmd.run:
    - name: ${step('react')}
    - onchanges: [{file: /srv/campaign/conf}]
refresh:
  cmd.wait:
    - name: ${step('refresh')}
    - watch: [{file: /srv/campaign/conf}]
`;

/** Its steps, each of which has to run once for each version. */
const STEPS = ['migrate', 'one', 'two', 'three', 'react', 'refresh'] as const;

/** How often states begin and end on one host in one roll-out. */
export const EVENTS_EACH = 2 * (STEPS.length + 1);

/** What slab says with `--json` when a state begins or ends. */
export const STATE_EVENT = /"type":"chunk\.(started|finished)"/g;

interface Shown {
  readonly hosts: readonly { readonly host: string; readonly state: string }[];
}

/** A small generator of numbers below 1, the same for the same seed. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Roll-outs of one version after another to hosts of a lab: a canary, then the rest. */
export function campaignOf({ on, name, hosts, project: newProject }: Hosts) {
  const names = (): readonly string[] => hosts().map((host) => host.name);
  const linesOn = async (host: string): Promise<readonly string[]> =>
    (await on(host, `cat ${LINES} 2>/dev/null; true`)).split('\n').filter((line) => line !== '');
  const stepsOf = async (host: string, version: string): Promise<readonly string[]> =>
    (await linesOn(host)).flatMap((line) => (line.endsWith(` ${version}`) ? (line.split(' ')[0] ?? []) : []));
  const runsOf = async (project: Project): Promise<readonly string[]> =>
    (
      JSON.parse((await project.slab('history', '--json', '-n', '1000')).stdout) as readonly {
        readonly run: string;
      }[]
    ).map(({ run }) => run);
  return {
    names,
    begin: async (): Promise<Project> => {
      await Promise.all(names().map((host) => on(host, 'mkdir -p /srv/campaign')));
      return newProject({
        files: {
          'states/site.sls': STATES,
          'inventories/lab/pillar/top.sls': "base: {'*': [all]}\n",
          'inventories/lab/rollout.yaml': `stages:
  - {name: canary, target: ${name(0)}, gates: [converged]}
  - {name: rest, target: '*', batch: all, gates: [converged]}
`,
        },
      });
    },
    declare: (project: Project, version: string): void =>
      project.write({ 'inventories/lab/pillar/all.sls': `version: ${version}\n` }),
    runsOf,
    /** What is on record of the run that is new since `earlier`; undefined when it was killed before it had begun. */
    recordOf: async (project: Project, earlier: readonly string[] = []): Promise<Shown | undefined> => {
      const run = (await runsOf(project)).find((each) => !earlier.includes(each));
      if (run === undefined) return undefined;
      return JSON.parse((await project.slab('show', run, '--json')).stdout) as Shown;
    },
    /** Holds what is on record of a run against what its hosts look like. */
    compare: async (record: Shown, version: string, said: string): Promise<void> => {
      assert.deepEqual(record.hosts.map(({ host }) => host).sort(), [...names()].sort(), said);
      for (const { host, state } of record.hosts) {
        const found = await stepsOf(host, version);
        const text = `${said}: ${host} is ${state}`;
        if (state === 'done') assert.deepEqual([...new Set(found)].sort(), [...STEPS].sort(), text);
        else if (state === 'untouched') assert.deepEqual(found, [], text);
        else assert.match(state, /^(unknown|failed)$/, text);
      }
    },
    /** Goes on until all is done, as a person does who looks at the host where nobody knows whether a command ended. */
    finish: async (project: Project, version: string, said: string): Promise<void> => {
      let decision: readonly string[] = [];
      for (let tries = 1; ; tries++) {
        const words = ['deploy', '-y', '--resume', '--wait', '90', '--progress', 'lines', ...decision];
        const { code, all } = await project.slab(...words);
        if (code === 0) return;
        const [, host = '', unknown = ''] =
          /FAIL (\S+) refused: nobody knows whether (.*?) of run/.exec(all.replace(/\s+/g, ' ')) ?? [];
        assert.ok(tries < 4 && host !== '', `${said}: ${all}`);
        const word = STEPS.find((each) => unknown.includes(each)) ?? unknown;
        const ended = (await stepsOf(host, version)).includes(word);
        decision = [ended ? '--skip-unknown' : '--run-unknown'];
      }
    },
    /** Each step has run once on each host, and never two at the same time. @param more which ran once more. */
    proveOnce: async (version: string, said: string, more: readonly string[] = []): Promise<void> => {
      for (const host of names()) {
        assert.deepEqual(
          [...(await stepsOf(host, version))].sort(),
          [...STEPS, ...more].sort(),
          `${said}: ${host}`,
        );
        assert.doesNotMatch((await linesOn(host)).join(), /CLASH/, `${said}: ${host}`);
      }
    },
  };
}
