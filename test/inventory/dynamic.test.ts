import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { dynamicCommand } from '../../lib/inventory/dynamic.ts';
import { complaints, FILE, host, read } from './inventory-text.ts';

describe('a dynamic inventory', () => {
  const TEXT =
    'dynamic: {command: [./hosts.sh, --list]}\nhosts: {web1: {user: file}}\ngroups: {web: {vars: {a: file}}}\n';

  it('has a command for the caller to run', () => {
    const command = dynamicCommand({ file: FILE, text: TEXT });
    assert.deepEqual(command?.words, ['./hosts.sh', '--list']);
    assert.equal(dynamicCommand({ file: FILE, text: 'hosts: {}' }), undefined);
    assert.equal(dynamicCommand({ file: FILE, text: 'dynamic: {command: x}' }), undefined);
    assert.equal(dynamicCommand({ file: FILE, text: 'dynamic: {command: [x, 1]}' }), undefined);
  });

  it('joins hosts and groups of the command with those of the file, which wins', () => {
    const inventory = read(TEXT, {
      hosts: { web1: { user: 'command', port: 22 }, web2: { address: '10.0.0.2' } },
      groups: { web: { hosts: ['web*'], vars: { a: 'command', b: 1.5 } } },
    });

    assert.deepEqual([...inventory.hosts.keys()], ['web1', 'web2']);
    assert.deepEqual([host(inventory, 'web1').user, host(inventory, 'web1').port], ['file', 22]);
    assert.deepEqual(
      host(inventory, 'web2').vars,
      new Map<unknown, unknown>([
        ['b', { float: 1.5 }],
        ['a', 'file'],
      ]),
    );
    assert.equal(host(inventory, 'web2').source.line, 1);
  });

  it('refuses salt in what the command prints, where the command is named; a group of Ansible may be called so', () => {
    const text = 'dynamic: {command: [x]}\n';

    assert.deepEqual(complaints(text, { hosts: { a: {} }, salt: { saltenv: 'dev' } }), [
      'SLAB1002 1:21 the dynamic inventory prints salt',
    ]);
    assert.deepEqual(complaints(text, { salt: { hosts: ['a'] } }), []);
  });

  it('understands what inventory scripts of Ansible print', () => {
    const inventory = read('dynamic: {command: [x]}\n', {
      _meta: {
        hostvars: {
          a: {
            ansible_host: '10.0.0.1',
            ansible_port: '2222',
            ansible_user: 'u',
            ansible_become: true,
            x: 1,
          },
        },
      },
      all: { children: ['ungrouped', 'web'] },
      web: { hosts: ['a', 'b'], vars: { ansible_connection: 'local', y: 2 } },
      plain: ['b'],
    });

    const { name, address, port, user, become, transport, vars, groups } = host(inventory, 'a');
    assert.deepEqual(
      [name, address, port, user, become.method, transport, [...vars], groups],
      [
        'a',
        '10.0.0.1',
        2222,
        'u',
        'sudo',
        'local',
        [
          ['y', 2],
          ['x', 1],
        ],
        ['web', 'all'],
      ],
    );
    assert.deepEqual(
      [...inventory.groups],
      [
        ['all', ['a', 'b']],
        ['web', ['a', 'b']],
        ['plain', ['b']],
      ],
    );
  });

  it('points at the command when its output is wrong', () => {
    assert.deepEqual(complaints(TEXT, { hosts: { web2: { prot: 1 } }, groups: {} }), [
      'SLAB1002 1:21 host web2 has no key "prot"',
    ]);
    assert.deepEqual(complaints(TEXT, 'nonsense'), [
      'SLAB1002 1:21 the inventory has to be a mapping, not "nonsense"',
    ]);
  });
});
