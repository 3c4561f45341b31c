import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

const SITE = `
{% set release = salt['cmd.run']('uname -r') %}
{% if salt['file.file_exists']('/etc/debian_version') %}
/tmp/answers:
  file.managed:
    - contents:
      - release {{ release }}
      - bash {{ salt['pkg.version']('bash') }}
      - none {{ salt['pkg.version']('no-such-package') or 'no' }}
      - root {{ salt['user.info']('root').home }}
      - port {{ pillar['port'] }}
      - loopback {{ salt['network.ip_addrs']('lo', include_loopback=True) | first }}
{% endif %}
/tmp/rendered:
  file.managed:
    - source: salt://rendered
    - template: jinja
`;

describe('templates that ask their host', function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 2, form: 'light' });
  const { name } = hosts;
  const project = () =>
    hosts.project({
      files: {
        'states/site.sls': SITE,
        'states/rendered': "{{ salt['file.read']('/etc/hostname') | trim }} {{ salt['cmd.run']('id -u') }}\n",
        'inventories/lab/pillar/top.sls': "base: {'*': [port]}\n",
        'inventories/lab/pillar/port.sls': "port: {{ 8080 if salt['cmd.has_exec']('sh') else 80 }}\n",
      },
    });

  it('are planned, applied and then in sync, each host with its own answers', async () => {
    const lab = project();

    const planned = await lab.slab('plan');
    const applied = await lab.slab('apply', '--yes');
    const again = await lab.slab('plan', '--detailed-exitcode');

    assert.match(planned.all, /ran 2 commands of templates: |ran 1 command of templates: /);
    assert.equal(applied.code, 0, applied.all);
    assert.equal(again.code, 0, again.all);
    const release = (await hosts.on(name(0), 'uname -r')).trim();
    const bash = (await hosts.on(name(0), "dpkg-query -W -f '${Version}' bash")).trim();
    assert.equal(
      await hosts.on(name(0), 'cat /tmp/answers'),
      `release ${release}\nbash ${bash}\nnone no\nroot /root\nport 8080\nloopback 127.0.0.1\n`,
    );
    for (const each of [name(0), name(1)]) {
      const hostname = (await hosts.on(each, 'cat /etc/hostname')).trim();
      assert.equal(await hosts.on(each, 'cat /tmp/rendered'), `${hostname} 0\n`);
    }
  });

  it('are checked without the network as far as that goes', async () => {
    const checked = await project().slab('check');

    assert.equal(checked.code, 0, checked.all);
    assert.match(checked.all, /cmd\.has_exec\(cmd='sh'\) asks the host, and the host was not asked/);
  });

  it('are checked and shown without the network once their answers are recorded', async () => {
    const lab = project();

    const recorded = await lab.slab('grains', 'os', '--record');
    const checked = await lab.slab('check');
    const shown = await lab.slab('show', 'low', name(0), '--offline');

    assert.equal(recorded.code, 0, recorded.all);
    assert.match(recorded.all, /ran \d commands? of templates: /);
    assert.equal(checked.code, 0, checked.all);
    assert.doesNotMatch(checked.all, /asks the host/);
    const release = (await hosts.on(name(0), 'uname -r')).trim();
    assert.ok(shown.stdout.includes(`release ${release}`), shown.all);
  });

  it('leave answers with secrets out of the record, and say so', async () => {
    const lab = hosts.project({
      files: {
        'states/site.sls': `
{% set token = pillar['token'] %}
a:
  test.nop: [{v: {{ salt['cmd.run']('echo ' ~ token) }}}]
b:
  test.nop: [{v: {{ salt['cmd.run']('echo sesame | tr a-z b-za') }}, w: {{ salt['pkg.version']('bash') }}}]
`,
        'inventories/lab/pillar/top.sls': "base: {'*': [secret]}\n",
        'inventories/lab/pillar/secret.sls': 'token: open-sesame\nhidden: tftbnf\n',
      },
      inventory: 'secrets: [token, hidden]',
    });

    const recorded = await lab.slab('grains', 'os', '--record');

    assert.equal(recorded.code, 0, recorded.all);
    assert.match(recorded.all, /2 of 3 answers hold secrets and are not recorded/);
    const kept = readFileSync(join(lab.directory, '.slab/answers/lab', `${name(0)}.json`), 'utf8');
    assert.deepEqual(Object.keys(JSON.parse(kept) as object), ["pkg.version(names=['bash'])"]);
  });
});
