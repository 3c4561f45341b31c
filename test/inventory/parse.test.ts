import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { check, complaints, FILE, host, read } from './inventory-text.ts';

describe('parseInventory', () => {
  it('reads an empty inventory', () => {
    const { hosts, groups, environment } = read('# nothing yet\n');

    assert.deepEqual([hosts.size, groups.size, environment], [0, 0, 'lab']);
  });

  it('gives a host without settings the defaults of slab', () => {
    assert.deepEqual(host(read('hosts:\n  web1:\n'), 'web1'), {
      name: 'web1',
      transport: 'ssh',
      become: { method: 'none', askPassword: false },
      kind: 'vm',
      groups: [],
      labels: new Map(),
      vars: new Map(),
      source: { file: FILE, line: 2, column: 3, endColumn: 7 },
    });
  });

  it('reads every setting of a host', () => {
    const inventory = read(`
hosts:
  db1:
    address: 10.0.0.7
    port: 2222
    user: deploy
    become: {method: sudo, ask_password: true}
    transport: local
    identity_file: ~/.ssh/lab
    proxy_jump: jump1,jump2
    known_hosts: [hosts/lab]
    kind: physical
    labels: {rack: r1, unit: 7}
    vars: {a: 1, b: [x]}
`);

    assert.deepEqual(host(inventory, 'db1'), {
      name: 'db1',
      transport: 'local',
      address: '10.0.0.7',
      port: 2222,
      user: 'deploy',
      identityFile: '~/.ssh/lab',
      proxyJump: 'jump1,jump2',
      knownHosts: ['hosts/lab'],
      become: { method: 'sudo', askPassword: true },
      kind: 'physical',
      groups: [],
      labels: new Map([
        ['rack', 'r1'],
        ['unit', '7'],
      ]),
      vars: new Map<unknown, unknown>([
        ['a', 1],
        ['b', ['x']],
      ]),
      source: { file: FILE, line: 3, column: 3, endColumn: 6 },
    });
  });

  it('expands ranges, addresses in step with names', () => {
    const { hosts } = read(
      'hosts:\n  r[1:2]-n[01:02]: {address: "10.[1:2].0.[1:2]"}\n  v6: {address: "[fe80::1]"}\n',
    );

    assert.deepEqual(
      [...hosts.values()].map(({ name, address }) => [name, address]),
      [
        ['r1-n01', '10.1.0.1'],
        ['r1-n02', '10.1.0.2'],
        ['r2-n01', '10.2.0.1'],
        ['r2-n02', '10.2.0.2'],
        ['v6', 'fe80::1'],
      ],
    );
  });

  it('puts hosts into groups by name, range, glob and their own word', () => {
    const { groups } = read(`
hosts:
  web[1:3]:
  db-[a:b]: {groups: [stores]}
groups:
  front: {hosts: ['web[1:2]']}
  all: {hosts: ['*']}
  stores:
  odd: {hosts: [web3, db-a]}
`);

    assert.deepEqual(
      [...groups],
      [
        ['front', ['web1', 'web2']],
        ['all', ['web1', 'web2', 'web3', 'db-a', 'db-b']],
        ['stores', ['db-a', 'db-b']],
        ['odd', ['web3', 'db-a']],
      ],
    );
  });

  it('nests groups, and lists the nearest first', () => {
    const inventory = read(`
hosts: {web1: , db1: }
groups:
  site: {children: [front, stores]}
  front: {hosts: [web1]}
  stores: {hosts: [db1], children: []}
`);

    assert.deepEqual(host(inventory, 'web1').groups, ['front', 'site']);
    assert.deepEqual(inventory.groups.get('site'), ['web1', 'db1']);
  });

  it('merges defaults, then groups from the outside in, then the host', () => {
    const inventory = read(`
defaults: {user: d, port: 1, kind: physical, vars: {a: d, b: d, c: d, d: d}}
hosts:
  web1: {port: 4, vars: {d: host}}
groups:
  outer: {children: [inner], port: 2, user: o, vars: {b: outer, c: outer, d: outer}}
  inner: {hosts: [web1], port: 3, vars: {c: inner, d: inner}}
`);

    const { user, port, kind, vars } = host(inventory, 'web1');

    assert.deepEqual([user, port, kind], ['o', 4, 'physical']);
    assert.deepEqual(
      [...vars],
      [
        ['a', 'd'],
        ['b', 'outer'],
        ['c', 'inner'],
        ['d', 'host'],
      ],
    );
  });

  it('refuses two unrelated groups that differ, and names both places and all hosts', () => {
    const { diagnostics } = check(`
hosts: {'web[1:3]': }
groups:
  red: {hosts: ['web*'], vars: {x: 1}}
  blue: {hosts: [web1, web2], vars: {x: 2}}
`);

    const [first, ...others] = diagnostics;
    assert.deepEqual(others, []);
    assert.equal(first?.code, 'SLAB1007');
    assert.equal(first.summary, 'the groups red and blue give different values of vars.x to web[1-2]');
    assert.deepEqual([first.source?.line, first.related?.[0]?.source.line], [5, 4]);
    assert.deepEqual(first.hosts, ['web1', 'web2']);
    assert.equal(first.fix, 'set vars.x at host web1, or make one group a child of the other');
  });

  it('lets the host, a group inside both, or equal values settle what two groups say', () => {
    const inventory = read(`
hosts: {web1: {vars: {x: 0}}, web2: , web3: }
groups:
  red: {hosts: ['web*'], vars: {x: 1, y: 3}, children: [both]}
  blue: {hosts: ['web[1-2]'], vars: {x: 2, y: 3}, children: [both]}
  both: {hosts: [web2], vars: {x: 9}}
`);

    assert.deepEqual(
      ['web1', 'web2', 'web3'].map((name) => [...host(inventory, name).vars]),
      [
        [
          ['y', 3],
          ['x', 0],
        ],
        [
          ['y', 3],
          ['x', 9],
        ],
        [
          ['x', 1],
          ['y', 3],
        ],
      ].map((vars) => vars.toSorted()),
    );
  });

  it('reads nodegroups and secrets', () => {
    const { nodegroups, secrets } = read(
      'nodegroups: {a: "web* and kind:vm", b: [N@a, or, db1]}\nsecrets: ["db:password", "*:token"]\n',
    );

    assert.deepEqual(
      [...nodegroups],
      [
        ['a', 'web* and kind:vm'],
        ['b', 'N@a or db1'],
      ],
    );
    assert.deepEqual(secrets, ['db:password', '*:token']);
  });

  const MISTAKES: readonly (readonly [string, string, readonly string[]])[] = [
    ['broken YAML', 'hosts: {', ['SLAB2001 1:8 { is never closed']],
    ['a list', '- web1\n', ['SLAB1002 1:1 the inventory has to be a mapping, not a list']],
    ['an unknown key', 'host: {}\n', ['SLAB1002 1:1 the inventory has no key "host"']],
    ['an unknown key of a host', 'hosts: {a: {usr: x}}\n', ['SLAB1002 1:13 host a has no key "usr"']],
    ['a wrong port', 'hosts: {a: {port: 70000}}\n', ['SLAB1002 1:19 port of host a has to be a number from 1 to 65535, not 70000']],
    ['a user that is a number', 'defaults: {user: 12}\n', ['SLAB1002 1:18 user of defaults has to be text, not 12']],
    ['an address that looks like an option', 'hosts: {a: {address: -oProxyCommand=x}}\n', ['SLAB1002 1:22 address of host a is "-oProxyCommand=x", which cannot be']],
    ['a host name with a space', 'hosts: {"a b": }\n', ['SLAB1002 1:9 "a b" cannot be the name of a host']],
    ['a host name that is a number', 'hosts: {7: }\n', ['SLAB1002 1:9 a name in hosts has to be text, not 7']],
    ['a group name with a colon', 'groups: {"a:b": }\n', ['SLAB1002 1:10 "a:b" cannot be the name of a group']],
    ['an unknown kind', 'hosts: {a: {kind: vmm}}\n', ['SLAB1002 1:19 kind of host a has to be vm or physical, not "vmm"']],
    ['an unknown way to become root', 'hosts: {a: {become: su}}\n', ['SLAB1002 1:21 become of host a has to be sudo or none, not "su"']],
    ['a wrong flag', 'hosts: {a: {become: {ask_password: 1}}}\n', ['SLAB1002 1:36 ask_password in become of host a has to be true or false, not 1']],
    ['a wrong method', 'hosts: {a: {become: {method: doas}}}\n', ['SLAB1002 1:30 method in become of host a has to be sudo or none, not "doas"']],
    ['hosts of a group that are no list', 'hosts: {a: }\ngroups: {g: {hosts: a}}\n', ['SLAB1002 2:21 hosts of group g has to be a list, not "a"']],
    ['a label that is a list', 'hosts: {a: {labels: {x: []}}}\n', ['SLAB1002 1:25 the label x has to be text, not a list']],
    ['a name that is a host and a group', 'hosts: {a: }\ngroups: {a: {hosts: [a]}}\n', ['SLAB1002 2:10 a is the name of a group and of a host']],
    ['overlapping ranges', 'hosts: {"web[1:5]": , "web[4:9]": }\n', ['SLAB1003 1:23 the hosts web[4-5] are defined twice']],
    ['an unknown group', 'hosts: {a: {groups: [wbe]}}\ngroups: {web: }\n', ['SLAB1004 1:22 host a names the group wbe, which is not defined']],
    ['an unknown child', 'groups: {a: {children: [b]}}\n', ['SLAB1004 1:25 group a names the group b, which is not defined']],
    ['an unknown host in a group', 'hosts: {web1: }\ngroups: {g: {hosts: [web2]}}\n', ['SLAB1002 2:22 group g names the host web2, which is not defined']],
    ['a malformed range', 'hosts: {"web[3:1]": }\n', ['SLAB1005 1:9 the range web[3:1] is malformed']],
    ['addresses that do not fit', 'hosts: {"web[1:3]": {address: 10.0.0.1}}\n', ['SLAB1005 1:31 the range of addresses does not fit the range of names']],
    ['groups that contain each other', 'groups: {a: {children: [b]}, b: {children: [c]}, c: {children: [a]}}\n', ['SLAB1006 1:25 groups contain each other: a > b > c > a']],
    ['a group that contains itself', 'groups: {a: {children: [a]}}\n', ['SLAB1006 1:25 groups contain each other: a > a']],
    ['a dynamic section without command', 'dynamic: {}\n', ['SLAB1002 1:10 dynamic has no command']],
    ['an empty command', 'dynamic: {command: []}\n', ['SLAB1002 1:20 command of dynamic is empty']],
    ['several mistakes at once', 'defaults: {prot: 1}\nhosts: {a: {port: x}, b: {groups: [g]}}\n', [
      'SLAB1002 1:12 defaults has no key "prot"',
      'SLAB1002 2:19 port of host a has to be a number from 1 to 65535, not "x"',
      'SLAB1004 2:36 host b names the group g, which is not defined',
    ]],
  ]; // prettier-ignore
  for (const [name, text, expected] of MISTAKES)
    it(`refuses ${name}`, () => {
      assert.deepEqual(complaints(text), expected);
    });

  it('suggests the name that was meant', () => {
    assert.equal(check('hosts: {a: {usr: x}}\n').diagnostics[0]?.fix, 'did you mean "user"?');
    assert.equal(
      check('hosts: {a: {groups: [wbe]}}\ngroups: {web: }\n').diagnostics[0]?.fix,
      'did you mean "web"?',
    );
  });

  it('warns of a glob that matches nothing', () => {
    const { value, diagnostics } = check('hosts: {web1: }\ngroups: {g: {hosts: ["db*"]}}\n');

    assert.ok(value);
    assert.deepEqual(
      diagnostics.map(({ severity, code }) => [severity, code]),
      [['warning', 'SLAB1011']],
    );
  });
});
