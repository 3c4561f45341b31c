import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { saltDefaults } from '../../lib/inventory/salt-options.ts';
import { createAnswers } from '../../lib/questions/index.ts';
import { dictOf } from './dict-of.ts';
import { compileWeb1, grainsOf, IPS, type Fleet } from './mine-fleet.ts';
import { argument } from './project.ts';

describe('mine.get', () => {
  const answers: readonly (readonly [string, Omit<Fleet, 'call'> & { readonly call?: string }, unknown])[] = [
    [
      'gives what each host of the target has, the asking one too',
      { call: "salt['mine.get']('*', 'network.ip_addrs')" },
      { web1: ['192.0.2.1'], db1: ['192.0.2.11'], db2: ['192.0.2.12'] },
    ],
    [
      'leaves the asking host out with exclude_minion',
      { call: "salt['mine.get']('*1', 'network.ip_addrs', exclude_minion=True)" },
      { db1: ['192.0.2.11'] },
    ],
    [
      'targets by the grains of the other hosts',
      { call: "salt.mine.get('roles:db', 'network.ip_addrs', tgt_type='grain')" },
      { db1: ['192.0.2.11'], db2: ['192.0.2.12'] },
    ],
    [
      'targets by the pillar of the other hosts, exactly',
      {
        call: "salt['mine.get']('role:db1', 'network.ip_addrs', 'pillar')",
        pillar: { 'mine.sls': `${IPS}role: {{ grains.id }}\n` },
      },
      { db1: ['192.0.2.11'] },
    ],
    [
      'takes no globs in pillar, so that nobody finds out a value by trying',
      {
        call: "salt['mine.get']('role:db*', 'network.ip_addrs', 'pillar')",
        pillar: { 'mine.sls': `${IPS}role: {{ grains.id }}\n` },
      },
      {},
    ],
    [
      'knows aliases with arguments and keyword arguments',
      {
        call: "salt['mine.get']('db1', 'inside')",
        pillar: {
          'mine.sls':
            'mine_functions:\n  inside:\n    - mine_function: network.ip_addrs\n    - eth*\n    - cidr: 192.0.2.0/24\n',
        },
      },
      { db1: ['192.0.2.11'] },
    ],
    [
      'takes a mapping of keyword arguments too',
      {
        call: "salt['mine.get']('db1', 'os')",
        pillar: { 'mine.sls': 'mine_functions:\n  os: {mine_function: grains.get, key: os}\n' },
      },
      { db1: 'Debian' },
    ],
    [
      'answers several functions at once by function and host',
      {
        call: "salt['mine.get']('db1', ['test.ping', 'network.get_hostname', 'none'])",
        pillar: { 'mine.sls': 'mine_functions: {test.ping: [], network.get_hostname: []}\n' },
      },
      { 'test.ping': { db1: true }, 'network.get_hostname': { db1: 'db1' } },
    ],
    [
      'finds functions that the inventory configures, which win over pillar',
      {
        call: "salt['mine.get']('db1', 'it')",
        pillar: { 'mine.sls': 'mine_functions: {it: {mine_function: grains.get, key: os}}\n' },
        inventory: {
          salt: {
            ...saltDefaults,
            mineFunctions: dictOf('it: {mine_function: grains.get, key: nodename}'),
          },
        },
      },
      { db1: 'db1' },
    ],
    [
      'keeps what allow_tgt does not grant',
      {
        call: "salt['mine.get']('*', 'a,b')",
        pillar: {
          'mine.sls':
            'mine_functions:\n  a: [{mine_function: grains.get}, id, {allow_tgt: "db*"}]\n  b: [{mine_function: grains.get}, id, {allow_tgt: "os:Debian"}, {allow_tgt_type: grain}]\n',
        },
      },
      { b: { web1: 'web1', db1: 'db1', db2: 'db2' } },
    ],
    [
      'gives nothing of a host that cannot be asked',
      { call: "salt['mine.get']('db*', 'network.ip_addrs')", others: { db1: 'absent' } },
      { db2: ['192.0.2.12'] },
    ],
    [
      'gives copies, which a template may change',
      {
        call: "[salt['mine.get']('db1', 'network.ip_addrs').db1.append('x'), salt['mine.get']('db1', 'network.ip_addrs').db1]",
      },
      [null, ['192.0.2.11']],
    ],
  ];
  for (const [title, { call = '', ...more }, expected] of answers)
    it(title, () => {
      const result = compileWeb1({ call, ...more });
      const errors = result.diagnostics.filter(({ severity }) => severity === 'error');

      assert.deepEqual(errors, []);
      assert.deepEqual(argument({ ...result, diagnostics: [] }), expected);
    });

  it('answers pillar by the runner of that name', () => {
    const result = compileWeb1({
      call: "pillar['found']",
      pillar: {
        'top.sls': "base:\n  '*': [mine]\n  web1: [web]\n",
        'mine.sls': IPS,
        'web.sls':
          "found: {{ salt['saltutil.runner']('mine.get', tgt='db*', fun='network.ip_addrs', tgt_type='glob') | json }}\n",
      },
    });

    assert.deepEqual(argument(result), { db1: ['192.0.2.11'], db2: ['192.0.2.12'] });
  });

  it('is empty for pillar that is compiled for the mine of another host, so that no two wait for each other', () => {
    const result = compileWeb1({
      call: "salt['mine.get']('db1', 'seen')",
      pillar: {
        'mine.sls': `mine_functions:\n  seen: [{mine_function: pillar.get}, count]\ncount: {{ salt['mine.get']('*', 'seen') | length }}\n`,
      },
    });

    assert.deepEqual(argument({ ...result, diagnostics: [] }), { db1: 0 });
  });

  it('says which host was not asked, and makes nothing of a guess', () => {
    const result = compileWeb1({
      call: "salt['mine.get']('db*', 'network.ip_addrs').db2[0]",
      others: { db2: 'unknown' },
    });

    assert.deepEqual(
      result.diagnostics.map(({ code, summary, source }) => [code, summary, source?.line]),
      [['SLAB2007', "mine.get('db*') asks other hosts, and db2 was not asked", 2]],
    );
  });

  it('does not ask for hosts that the target cannot mean', () => {
    const result = compileWeb1({
      call: "salt['mine.get']('db1', 'network.ip_addrs')",
      others: { db2: 'unknown' },
    });

    assert.deepEqual(argument(result), { db1: ['192.0.2.11'] });
  });

  it('asks the other host what its functions ask a host', () => {
    const answers = createAnswers();
    const result = compileWeb1({
      call: "salt['mine.get']('db1', 'key')",
      pillar: { 'mine.sls': 'mine_functions:\n  key: [{mine_function: cmd.run}, cat /etc/key]\n' },
      others: { db1: { grains: grainsOf('db1', '192.0.2.11'), answers } },
    });

    assert.deepEqual(
      result.diagnostics.map(({ code }) => code),
      ['SLAB2007'],
    );
    assert.deepEqual(
      answers.open().map(({ key }) => key),
      ["cmd.run(cmd='cat /etc/key')"],
    );
  });

  const warned: readonly (readonly [string, Omit<Fleet, 'call'>, string])[] = [
    [
      'warns of a name that no host of the target has',
      { pillar: { 'mine.sls': '' } },
      'no host of "db*" has it in its mine',
    ],
    [
      'warns of a function that slab does not provide',
      { pillar: { 'mine.sls': 'mine_functions: {it: {mine_function: no.such}}\n' } },
      'goes without the value of a host',
    ],
    [
      'warns of another host whose pillar cannot be compiled',
      {
        pillar: {
          'top.sls': "base:\n  'db1': [bad]\n  'db2': [mine]\n",
          'bad.sls': 'a: [\n',
          'mine.sls': 'mine_functions: {it: {mine_function: test.ping}}\n',
        },
      },
      'goes without the value of a host',
    ],
  ];
  for (const [title, more, summary] of warned)
    it(title, () => {
      const { diagnostics } = compileWeb1({ call: "salt['mine.get']('db*', 'it')", ...more });

      assert.ok(diagnostics.length > 0);
      for (const each of diagnostics) {
        assert.equal(each.severity, 'warning');
        assert.equal(each.source?.file, 'states/a.sls');
      }
      assert.ok(
        diagnostics.some((each) => each.summary.includes(summary)),
        diagnostics.map((each) => each.summary).join('\n'),
      );
    });

  it("hides what is secret in another host's pillar", () => {
    const { secrets } = compileWeb1({
      call: "salt['mine.get']('db1', 'pass')",
      pillar: {
        'top.sls': "base:\n  'db1': [mine]\n",
        'mine.sls':
          'mine_functions: {pass: {mine_function: pillar.get, key: "db:password"}}\ndb: {password: hunter22}\n',
      },
      inventory: { secrets: ['db:password'] },
    });

    assert.deepEqual(secrets, ['hunter22']);
  });

  it('refuses other runners: there is no master', () => {
    const [diagnostic] = compileWeb1({ call: "salt['saltutil.runner']('jobs.active')" }).diagnostics;

    assert.deepEqual(
      [diagnostic?.code, diagnostic?.summary],
      ['SLAB2005', 'saltutil.runner: slab has no master that could run jobs.active'],
    );
  });

  it('refuses a target that it cannot read, at the call', () => {
    const [diagnostic] = compileWeb1({ call: "salt['mine.get']('a and', 'x', 'compound')" }).diagnostics;

    assert.deepEqual([diagnostic?.code, diagnostic?.source?.file], ['SLAB1010', 'states/a.sls']);
  });
});
