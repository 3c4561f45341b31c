import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Grains, Value } from '../../lib/model/value.ts';
import { jsonOf } from './dict-of.ts';
import { nodeToValue } from '../../lib/yaml/node-value.ts';
import { testHost } from './host.ts';
import { compilerOf } from './project.ts';

const interfaces = (all: Readonly<Record<string, string[]>>): Value =>
  new Map<Value, Value>(Object.entries(all));

const GRAINS: Grains = new Map<Value, Value>([
  ['id', 'web1'],
  ['init', 'systemd'],
  ['fqdn', 'web1.example.com'],
  ['nodename', 'web1'],
  [
    'ip4_interfaces',
    interfaces({ lo: ['127.0.0.1'], eth1: ['203.0.113.9'], eth0: ['10.0.0.20', '10.0.0.3'] }),
  ],
  ['ip6_interfaces', interfaces({ lo: ['::1'], eth0: ['2001:db8::1'] })],
  ['hwaddr_interfaces', interfaces({})],
]);

/** What a template prints as JSON, or what is wrong with it. */
function evaluate(expression: string): unknown {
  const compiler = compilerOf({
    states: { 'a.sls': `x:\n  test.nop: [{v: {{ (${expression}) | json }}}]\n` },
  });
  const result = compiler.compile(testHost(), GRAINS, { sls: ['a'] });
  const value = result.found[0]?.args.get('v')?.value;
  return value === undefined ? result.diagnostics[0]?.summary : jsonOf(nodeToValue(value));
}

const CASES: readonly (readonly [string, unknown])[] = [
  ["salt['network.ip_addrs']()", ['10.0.0.3', '10.0.0.20', '203.0.113.9']],
  ["salt['network.ip_addrs']('eth0')", ['10.0.0.3', '10.0.0.20']],
  ["salt['network.ip_addrs']('eth*', cidr='203.0.113.0/24')", ['203.0.113.9']],
  ["salt['network.ip_addrs'](type='public') == salt['network.ip_addrs'](type='private')", false],
  ["salt['network.ip_addrs']('lo', include_loopback=True)", ['127.0.0.1']],
  ["salt['network.ip_addrs'](cidr='nonsense')", 'network.ip_addrs: nonsense is not a subnet'],
  ["salt['network.ip_addrs6']()", ['2001:db8::1']],
  ["salt['network.interface_ip']('eth0')", '10.0.0.20'],
  ["salt['network.interface_ip']('eth9')", ''],
  ["salt['network.in_subnet']('10.0.0.0/24')", true],
  ["salt['network.get_hostname']()", 'web1'],
  ["salt['test.provider']('service')", 'systemd_service'],
  ["salt['test.provider']('pkg')", 'aptpkg'],
  ["salt['hashutil.digest']('a')", '0cc175b9c0f1b6a831c399e269772661'],
  ["salt['hashutil.base64_b64decode'](salt['hashutil.base64_b64encode']('a'))", 'a'],
  ["salt['hashutil.digest']('a', 'crc')", 'hashutil.digest: there is no checksum crc'],
  ["'network.ip_addrs' in salt", true],
  ["salt['pkg.version_cmp']('', '246')", -1],
  ["salt['pkg.version_cmp']('1:1.0', '2.0')", 1],
  ["salt['pkg.version_cmp']('1:1.0', '2.0', ignore_epoch=True)", -1],
  ["salt['pkg.version_cmp']('1.0~rc1-1', '1.0-1')", -1],
  ["salt['pkg.version_cmp']('1.10', '1.9')", 1],
  ["salt['pkg.version_cmp']('1.0-1+deb12u1', '1.0-1')", 1],
  ["salt['pkg.version_cmp']('1.0a', '1.0+')", -1],
  ["salt['pkg.version_cmp']('1.00', '1.0')", 0],
];

describe('functions that grains and arguments answer', () => {
  for (const [expression, expected] of CASES)
    it(`compute ${expression}`, () => {
      assert.deepEqual(evaluate(expression), expected);
    });
});
