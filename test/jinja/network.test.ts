import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { failure, render } from './render.ts';

describe('a filter of addresses', () => {
  const table: readonly (readonly [string, string])[] = [
    ['{{ "10.0.0.1" | is_ip }} {{ "10.0.0.256" | is_ip }} {{ "fe80::1" | is_ipv6 }} {{ "fe80::1" | is_ipv4 }}', 'True False True False'],
    ['{{ "010.0.0.1" | is_ip }} {{ "1::2::3" | is_ip }} {{ "::ffff:1.2.3.4" | is_ipv6 }} {{ 5 | is_ip }}', 'False False True True'],
    ['{{ "127.0.0.1" | is_ip("loopback") }} {{ "8.8.8.8" | is_ip(options="public") }} {{ "10.1.2.3" | is_ip("private, multicast") }}', 'True True False'],
    ['{{ "10.0.0.1/24" | ipv4 }} {{ "10.0.0.1/255.255.0.0" | ipaddr }} {{ "x" | ipaddr }}', '10.0.0.1/24 10.0.0.1/16 None'],
    ['{{ ["10.0.0.1", "2001:0db8:0:0:0:0:0:1", "no", "::"] | ipaddr }}', "['10.0.0.1', '2001:db8::1', '::']"],
    ['{{ ["10.0.0.1", "::1"] | ipv6 }}', "['::1']"],
    ['{{ "192.168.0.1/28" | ip_host }} {{ "fe80::1" | ip_host }} {{ ["10.0.0.1", "x"] | ip_host }} {{ "x" | ip_host }}', "192.168.0.1/28 fe80::1/128 ['10.0.0.1/32'] None"],
    ['{{ "192.168.1.1/30" | network_hosts }} {{ "10.0.0.0/31" | network_hosts }} {{ "10.0.0.9" | network_hosts }}', "['192.168.1.1', '192.168.1.2'] ['10.0.0.0', '10.0.0.1'] ['10.0.0.9']"],
    ['{{ "fd00::/126" | network_hosts }} {{ "fe80::/64" | network_size }} {{ ["10.0.0.0/8"] | network_size(version=4) }}', "['fd00::1', 'fd00::2', 'fd00::3'] 18446744073709551616 [16777216]"],
    ['{{ ["10.1.1.1", "192.168.1.1"] | filter_by_networks(["10.0.0.0/8"]) }}', "['10.1.1.1']"],
    ['{{ {"eth0": ["fe80::1", "10.1.1.1"]} | filter_by_networks(["fe80::/64"]) }} {{ ["1.2.3.4"] | filter_by_networks(none) }}', "{'eth0': ['fe80::1']} ['1.2.3.4']"],
    ['{{ ["10.0.0.1", "fe80::1"] | ipwrap }} {{ "::1" | ipwrap }} {{ "x" | ipwrap }}', "['10.0.0.1', '[fe80::1]'] [::1] x"],
  ]; // prettier-ignore
  for (const [text, expected] of table)
    it(`renders ${text}`, () => {
      assert.equal(render(text), expected);
    });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['{{ "10.0.0.0/8" | network_hosts }}', /^OverflowError: 10.0.0.0\/8 has 16777216 addresses/],
    ['{{ ["10.1.1.1"] | filter_by_networks(["10.0.0.1/8"]) }}', /has host bits set/],
    ['{{ ["x"] | filter_by_networks(["10.0.0.0/8"]) }}', /'x' does not appear to be an IPv4 or IPv6 address/],
    ['{{ 5 | filter_by_networks(["10.0.0.0/8"]) }}', /Do not know how to filter a int/],
    ['{{ ["10.1.1.1"] | filter_by_networks(["x"]) }}', /does not appear to be an IPv4 or IPv6 network/],
  ];
  for (const [text, message] of refused)
    it(`refuses ${text}`, () => {
      assert.match(failure(text).summary, message);
    });
});

describe('a filter that cannot be pure', () => {
  for (const name of [
    'which',
    'dns_check',
    'file_hashsum',
    'http_query',
    'random_hash',
    'gen_mac',
    'json_query',
  ])
    it(`is an error that names ${name}, its place and the way out`, () => {
      const { code, summary, fix, source } = failure(`\n{{ "x" | ${name}(1) }}`);

      assert.equal(code, 'SLAB2004');
      assert.match(summary, new RegExp(`^the filter "${name}" is not provided: `));
      assert.ok(fix);
      assert.equal(source?.line, 2);
    });

  it('can be handed in by the host program', () => {
    const filters = new Map([['which', { name: 'which', call: () => '/bin/sh' }]]);

    assert.equal(render('{{ "sh" | which }}', { options: { filters } }), '/bin/sh');
  });
});
