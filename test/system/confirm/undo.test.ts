import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { joinScripts, sh } from '../../../lib/shell/sh.ts';
import { withSlab } from '../../support/slab.ts';
import { HOST_SHELLS, onHost, words } from '../../support/trial-host.ts';

const undo = readFileSync(new URL('../../../lib/confirm/undo.sh', import.meta.url), 'utf8');

for (const shell of HOST_SHELLS)
  describe(`files that are kept while they are on trial (${shell.join(' ')}, without systemd)`, function () {
    this.timeout(60_000);
    const keep = joinScripts([
      sh`mkdir -p /run/tools`,
      sh`printf %s ${undo} >/run/tools/undo
keep() { printf '%s\n' "$@" | sh -eu /run/tools/undo keep r1-1; }`,
    ]);

    it('are put back in folders with the owners and modes that those had', () => {
      const [, answer] = onHost(shell, [
        keep,
        sh`umask 022
mkdir -p '/etc/slab-test/with blank/deep'
chmod 755 /etc/slab-test
chmod 1777 '/etc/slab-test/with blank'
chmod 750 '/etc/slab-test/with blank/deep'
chown 1:2 '/etc/slab-test/with blank/deep'
echo old >'/etc/slab-test/with blank/deep/file'
keep '/etc/slab-test/with blank/deep/file' /etc/slab-test/none/at-all
rm -rf /etc/slab-test
sh -eu /etc/slab/undo/script boot >/dev/null
cd /etc/slab-test && stat -c '%a:%u:%g' . 'with blank' 'with blank/deep'
cat 'with blank/deep/file'
ls`,
      ]);

      assert.deepEqual(words(answer), ['755:0:0', '1777:0:0', '750:1:2', 'old', 'with', 'blank']);
    });
  });

describe('files that are kept while they are on trial', function () {
  this.timeout(180_000);
  const hosts = withSlab({ count: 1 });
  const { name, on } = hosts;

  it('are put back before the boot loads a table of them, also without nftables.service and slowly', async () => {
    const firewall = (port: number) =>
      `firewall:
  nftables.ruleset:
    - contents: |
        table inet slab {
          chain input {
            type filter hook input priority 0; policy accept;
            tcp dport ${port} accept
          }
        }
`;
    const project = hosts.project({ files: { 'states/site.sls': firewall(1001) } });
    const applied = await project.slab('apply', '-y');
    assert.equal(applied.code, 0, applied.all);
    // As a power cut leaves it in the middle of storing: the old file kept, the new one in its place.
    await on(
      name(),
      `cat >/run/undo <<'END'
${undo}
END
      echo /etc/slab/nftables/inet-slab.nft | sh -eu /run/undo keep r1-1
      sed -i s/1001/1002/ /etc/slab/nftables/inet-slab.nft
      sed -i '1i [ "$1" != boot ] || sleep 3' /etc/slab/undo/script`,
    );

    await hosts.lab.power(name(), 'cycle');

    const port = "sed -n 's/.*dport \\([0-9]*\\) accept.*/\\1/p'";
    assert.equal(
      await on(
        name(),
        `${port} /etc/slab/nftables/inet-slab.nft; nft list table inet slab | ${port}; ls /etc/slab/undo 2>/dev/null || :`,
      ),
      '1001\n1001\n',
    );
  });
});
