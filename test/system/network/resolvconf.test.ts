import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

describe('name servers of a host', function () {
  this.timeout(120_000);
  for (const program of ['resolvconf', 'openresolv'])
    describe(`where ${program} writes /etc/resolv.conf`, () => {
      const hosts = withSlab({ count: 1 }, [program]);
      const run = (text: string) => hosts.on(hosts.name(), text);
      const what =
        'ls -l --time-style=+ /etc/resolv.conf; cat /etc/resolv.conf; readlink -f "$(command -v resolvconf)"';
      const slab = (command: string, lines: string) =>
        hosts
          .project({
            files: {
              'states/site.sls': `resolver:\n  network.resolver:\n    - servers: [10.77.0.53]\n${lines}`,
            },
          })
          .slab(command, ...(command === 'apply' ? ['-y'] : []));

      it('are left to it, and a plan says so, whatever is to write the file', async () => {
        await run('echo "nameserver 10.1.1.1" | resolvconf -a eth0.inet; resolvconf -u');
        const was = await run(what);
        assert.match(was, /^nameserver 10\.1\.1\.1$/m);

        for (const lines of ['', '    - owner: file\n']) {
          const planned = await slab('plan', lines);

          assert.notEqual(planned.code, 0);
          assert.match(planned.all, /resolvconf looks after\s+\/etc\/resolv\.conf/);
        }
        assert.equal(await run(what), was);
      });

      it('are slab’s once the package is gone, as the plan says', async () => {
        await run(`dpkg --purge ${program} >/dev/null 2>&1`);

        const applied = await slab('apply', '    - owner: file\n');

        assert.equal(applied.code, 0, applied.all);
        assert.equal(
          await run('test ! -L /etc/resolv.conf && grep -v "^#" /etc/resolv.conf'),
          'nameserver 10.77.0.53\n',
        );
        assert.match((await slab('plan', '')).stdout, /\b1 host in sync: /);
      });
    });
});
