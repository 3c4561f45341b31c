import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

const SITE = `
/tmp/peers:
  file.managed:
    - contents:
{%- for host, address in salt['mine.get']('*', 'address') | dictsort if host != grains.id %}
      - {{ host }} {{ address }}
{%- endfor %}
/tmp/peers.conf:
  file.managed:
    - source: salt://peers.conf
    - template: jinja
`;

const CONF = `
{%- for host, name in salt['mine.get']('*', 'name') | dictsort if host != grains.id -%}
peer {{ host }} {{ name | trim }}
{% endfor %}`;

describe('templates that ask for the mine of other hosts', function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 2, form: 'light' });
  const { name } = hosts;
  const project = () =>
    hosts.project({
      files: {
        'states/site.sls': SITE,
        'states/peers.conf': CONF,
        'inventories/lab/pillar/top.sls': "base: {'*': [mine]}\n",
        'inventories/lab/pillar/mine.sls': `
mine_functions:
  address: [{mine_function: grains.get}, 'ipv4:0']
  name: [{mine_function: file.read}, /etc/hostname]
`,
      },
    });

  it('hold what the other host has and answers, and are in sync afterwards', async () => {
    const lab = project();

    const applied = await lab.slab('apply', '--yes');
    const again = await lab.slab('plan', '--detailed-exitcode');

    assert.equal(applied.code, 0, applied.all);
    assert.equal(again.code, 0, again.all);
    for (const [own, other] of [
      [name(0), name(1)],
      [name(1), name(0)],
    ] as const) {
      const written = await hosts.on(own, 'cat /tmp/peers');
      const addresses = await hosts.on(other, 'ip -4 -o addr');
      const [, host = '', address = ''] = /^(\S+) ([\d.]+)\n$/.exec(written) ?? [];
      assert.equal(host, other);
      assert.ok(addresses.includes(` ${address}/`), `${address} is none of\n${addresses}`);
      const hostname = (await hosts.on(other, 'cat /etc/hostname')).trim();
      assert.equal(await hosts.on(own, 'cat /tmp/peers.conf'), `peer ${other} ${hostname}\n`);
    }
  });

  it('ask a host that the run does not change', async () => {
    const lab = project();
    for (const each of [name(0), name(1)]) await hosts.on(each, 'rm -f /tmp/peers /tmp/peers.conf');

    const applied = await lab.slab('apply', '--target', name(0), '--yes');

    assert.equal(applied.code, 0, applied.all);
    assert.match(await hosts.on(name(0), 'cat /tmp/peers'), new RegExp(`^${name(1)} [\\d.]+\\n$`));
    assert.equal(await hosts.on(name(1), 'ls /tmp/peers* 2>/dev/null || echo none'), 'none\n');
  });
});
