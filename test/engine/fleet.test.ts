import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { TransportError } from '../../lib/diagnostics/errors.ts';
import { planHosts, type PlanRequest } from '../../lib/engine/plan-hosts.ts';
import type { Host } from '../../lib/model/inventory.ts';
import type { Section } from '../../lib/model/script.ts';
import { createAnswers } from '../../lib/questions/index.ts';
import { createCompiler } from '../../lib/sls/compiler.ts';
import { nodeToJson } from '../../lib/yaml/node-value.ts';
import { dictOf } from '../sls/dict-of.ts';
import { testInventory } from '../sls/host.ts';
import { memoryTree } from '../sls/memory-tree.ts';
import { fleetOf, hostNamed, type Behaviour } from '../support/fleet.ts';

const ALL = ['web1', 'web2', 'db1', 'db2'] as const;
const SLS = "x:\n  test.nop: [{v: {{ salt['mine.get']('db*', 'name') | json }}}]\n";
const MINE = 'mine_functions:\n  name: [{mine_function: grains.get}, id]\n';

interface Setting {
  readonly targeted: readonly string[];
  readonly behaviours?: Readonly<Record<string, Behaviour>>;
  readonly mine?: string;
  readonly parallel?: number;
  readonly recorded?: PlanRequest['recorded'];
}

/** Plans some of four hosts, whose web servers write down what the database servers say. */
async function plan({ targeted, behaviours = {}, mine = MINE, parallel = 1, recorded }: Setting) {
  const hosts = ALL.map(hostNamed);
  const fleet = fleetOf(behaviours);
  const compiler = createCompiler({
    states: [memoryTree('states', { 'top.sls': "base: {'*': [a]}\n", 'a.sls': SLS })],
    pillar: [memoryTree('pillar', { 'top.sls': "base: {'*': [mine]}\n", 'mine.sls': mine })],
    inventory: testInventory(hosts),
  });
  const result = await planHosts(
    {
      environment: 'prod',
      hosts: hosts.filter(({ name }) => targeted.includes(name)),
      compiler,
      parallel,
      lax: true,
      signal: new AbortController().signal,
      learnSecrets: () => undefined,
      keepSessions: false,
      ...(recorded === undefined ? {} : { recorded }),
    },
    fleet.ports,
  );
  const values = [...result.hosts].map(([name, host]) => {
    const value = host.predicted[0]?.examined.chunk.args.get('v')?.value;
    return [name, value === undefined ? undefined : nodeToJson(value)];
  });
  return {
    ...result,
    values: Object.fromEntries(values) as Readonly<Record<string, unknown>>,
    fleet,
    notices: fleet.events.flatMap((each) => (each.type === 'notice' ? [each.message] : [])),
  };
}

const DOWN: Behaviour = { refuse: new TransportError('SLAB3301', 'no answer') };
const BOTH = { db1: 'db1', db2: 'db2' };

describe('a plan of templates that ask for other hosts', () => {
  it('waits for the hosts of the target, also when they come one after the other', async () => {
    const { values, diagnostics, notices, fleet } = await plan({ targeted: [...ALL] });

    assert.deepEqual(diagnostics, []);
    assert.deepEqual(values, { web1: BOTH, web2: BOTH, db1: BOTH, db2: BOTH });
    assert.deepEqual(notices, []);
    assert.deepEqual(
      [...fleet.sent].map(([host, sections]) => [host, sections]),
      ALL.map((host) => [host, ['grains', 'undecided', 'left', 'probe.test']]),
    );
  });

  it('asks the hosts that are not targeted as well, says so, and plans nothing for them', async () => {
    const { values, notices, fleet, plan: made } = await plan({ targeted: ['web1', 'web2'] });

    assert.deepEqual(values, { web1: BOTH, web2: BOTH });
    assert.deepEqual(notices, ['mine.get asks db1, db2']);
    assert.deepEqual(fleet.sent.get('db1'), ['grains']);
    assert.ok(fleet.closed.includes('db1') && fleet.closed.includes('db2'));
    assert.deepEqual([made.targeted, made.unread], [2, []]);
  });

  it('goes without a host that cannot be reached, with one notice for all who ask', async () => {
    const { values, notices, diagnostics } = await plan({
      targeted: ['web1', 'web2'],
      behaviours: { db2: DOWN },
    });

    assert.deepEqual(diagnostics, []);
    assert.deepEqual(values, { web1: { db1: 'db1' }, web2: { db1: 'db1' } });
    assert.deepEqual(notices, [
      'mine.get asks db1, db2',
      'mine.get goes without db2, of which nothing is on record: no answer',
    ]);
  });

  it('says the same of a host of the target, which is tried once', async () => {
    const {
      values,
      notices,
      plan: made,
    } = await plan({
      targeted: ['web1', 'db1', 'db2'],
      behaviours: { db2: DOWN },
    });

    assert.deepEqual(values['web1'], { db1: 'db1' });
    assert.deepEqual(notices, ['mine.get goes without db2, of which nothing is on record: no answer']);
    assert.deepEqual(
      made.unread.map(({ host }) => host),
      ['db2'],
    );
  });

  it('takes what is on record of a host that cannot be reached', async () => {
    const recorded = (host: Host) =>
      host.name === 'db2' ? { grains: dictOf('{id: old}'), answers: createAnswers() } : undefined;

    const { values, notices } = await plan({ targeted: ['web1'], behaviours: { db2: DOWN }, recorded });

    assert.deepEqual(values, { web1: { db1: 'db1', db2: 'old' } });
    assert.deepEqual(notices.slice(1), ['mine.get takes what is on record of db2: no answer']);
  });

  it('asks other hosts what functions of the mine ask, and says which commands ran', async () => {
    const answer = (section: Section) =>
      section.name.startsWith('ask.') ? { stdout: Buffer.from('key\n') } : undefined;
    const { values, notices, fleet } = await plan({
      targeted: ['web1'],
      mine: 'mine_functions:\n  name: [{mine_function: cmd.run}, cat /etc/key]\n',
      behaviours: { db1: { answer }, db2: { answer } },
    });

    assert.deepEqual(values, { web1: { db1: 'key', db2: 'key' } });
    assert.deepEqual(fleet.sent.get('db1'), ['ask.0']);
    assert.equal(notices.filter((each) => each === 'ran 1 command of templates: cat /etc/key').length, 2);
  });
});
