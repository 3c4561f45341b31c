import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

/** A key that gpg made, and the hash of what `gpg --export` writes of it. */
const KEY = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawryvRYJKwYBBAHaRw8BAQdAioDlQqNu9gjEoGUOiwAvS6lIL62zwHlCAQ7m
sZCvGW20HHNsYWIgdGVzdCA8dGVzdEBleGFtcGxlLm9yZz6IkAQTFggAOBYhBENY
gy9JbUvFqXTQJK8B9Xme9vG+BQJrCvK9AhsDBQsJCAcCBhUKCQgLAgQWAgMBAh4B
AheAAAoJEK8B9Xme9vG+tqwBALQlhlboMANN1HVXuAWdC6QAs9aIvmfwRy9xcEuB
Sx/+AQD4quen6OG5DugFqM5uFW1hZPzVxvVfx1POaPS/YT5BBA==
=rmYp
-----END PGP PUBLIC KEY BLOCK-----`;
const KEY_SHA256 = 'bd746231101663cc9addf97b965e6b8310c731340ac58130c903f68629a22543';

/** Answers every request on port 8099 with the key. */
const serving = `cat >/tmp/lab.asc <<'END'
${KEY}
END
cat >/tmp/serve.pl <<'END'
use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1:8099', Listen => 5, ReuseAddr => 1) or die;
local $/; open(my $file, '<', '/tmp/lab.asc'); my $key = <$file>; $/ = "\\n";
open(STDOUT, '>', '/dev/null'); open(STDERR, '>', '/dev/null');
exit if fork;
while (my $peer = $server->accept) {
  while (<$peer>) { last if /^\\r?$/ }
  print $peer "HTTP/1.0 200 OK\\r\\nContent-Length: " . length($key) . "\\r\\n\\r\\n" . $key;
  close $peer;
}
END
perl /tmp/serve.pl`;

describe('packages, users and groups of a real host', function () {
  this.timeout(60_000);
  const hosts = withSlab({ count: 1, form: 'light' });
  const { name, on } = hosts;
  const version = (pkg: string) =>
    on(name(), `dpkg-query -Wf '\${Version} \${db:Status-Status}' ${pkg} 2>/dev/null; true`);

  /** Applies states; whatever they are, a second plan has nothing to do. */
  const bring = async (states: string) => {
    const project = hosts.project({ files: { 'states/site.sls': states } });
    const applied = await project.slab('apply', '-y');
    const again = await project.slab('plan', '--detailed-exitcode');
    assert.equal(applied.code, 0, applied.all);
    assert.equal(again.code, 0, again.all);
    return applied;
  };

  it('are installed with what they need, upgraded, and removed', async () => {
    await bring('lab-hello:\n  pkg.installed:\n    - version: "1.0"\n');
    const pinned = await version('lab-hello');
    await bring('lab-greeter:\n  pkg.installed: []\n');
    const kept = await version('lab-hello');
    await bring('lab-hello:\n  pkg.latest: []\n');
    const newest = await version('lab-hello');
    await bring('lab-greeter:\n  pkg.removed: []\n');

    assert.deepEqual([pinned, kept, newest], ['1.0 installed', '1.0 installed', '1.1 installed']);
    assert.equal(await version('lab-greeter'), '');
  });

  it('leave a configuration file that somebody changed as it is, and take it along when purged', async () => {
    await bring('lab-conf:\n  pkg.installed: []\n');
    await on(
      name(),
      'echo "colour = red" >/etc/lab-conf.conf; dpkg --remove --force-all lab-conf 2>/dev/null',
    );
    const removed = await version('lab-conf');
    await bring('lab-conf:\n  pkg.installed: []\n');
    const conffile = await on(name(), 'cat /etc/lab-conf.conf');
    await bring('lab-conf:\n  pkg.removed: []\n');
    const left = await version('lab-conf');
    await bring('lab-conf:\n  pkg.purged: []\n');

    assert.deepEqual([removed, left], ['1.0 config-files', '1.0 config-files']);
    assert.equal(conffile, 'colour = red\n');
    assert.equal(await on(name(), 'ls /etc/lab-conf.conf 2>/dev/null; true'), '');
  });

  it('that do not exist are a problem of the plan, and nothing is changed', async () => {
    const project = hosts.project({
      files: {
        'states/site.sls':
          'lab-helo:\n  pkg.installed: []\n/tmp/needs-package:\n  file.managed:\n    - contents: x\n    - require: [{pkg: lab-helo}]\n',
      },
    });

    const planned = await project.slab('plan');
    const applied = await project.slab('apply', '-y');

    assert.equal(planned.code, 5, planned.all);
    assert.match(planned.stdout, /lab-helo/);
    assert.equal(applied.code, 5, applied.all);
    assert.equal(await on(name(), 'ls /tmp/needs-package 2>/dev/null; true'), '');
  });

  it('are made, changed and taken away with their homes', async () => {
    await bring(`
crew:
  group.present:
    - gid: 4200
anna:
  user.present:
    - uid: 4201
    - gid: crew
    - shell: /bin/bash
    - fullname: Anna Ops
    - groups: [adm]
    - require: [{group: crew}]
`);
    const made = await on(name(), 'getent passwd anna; id -Gn anna; stat -c %U:%G /home/anna');
    await bring(`
anna:
  user.present:
    - shell: /bin/sh
    - home: /home/anna
    - groups: [cdrom]
`);
    const changed = await on(name(), 'getent passwd anna; id -Gn anna');
    await bring('anna:\n  user.absent:\n    - purge: True\ncrew:\n  group.absent: []\n');

    assert.equal(made, 'anna:x:4201:4200:Anna Ops:/home/anna:/bin/bash\ncrew adm\nanna:crew\n');
    assert.equal(changed, 'anna:x:4201:4200:Anna Ops:/home/anna:/bin/sh\ncrew cdrom\n');
    assert.equal(
      await on(name(), 'getent passwd anna; getent group crew; ls -d /home/anna 2>/dev/null; true'),
      '',
    );
  });

  it('come from package sources that are added with their keys, changed, and removed', async () => {
    const source = 'deb [signed-by=/etc/apt/keyrings/lab-key.gpg] https://apt.lab.invalid/debian stable main';
    const file = '/etc/apt/sources.list.d/lab-new.list';
    const key = 'http://127.0.0.1:8099/lab.asc';
    await on(name(), serving);

    const state = `${source}:\n  pkgrepo.managed:\n    - file: ${file}\n    - key_url: ${key}\n    - allow_insecure_key: true\n`;
    const added = await bring(state);
    const known = await on(name(), 'apt-get update --print-uris');
    await bring(`${source} contrib:\n  pkgrepo.managed: []\n`);
    const changed = await on(name(), `cat ${file}; sha256sum </etc/apt/keyrings/lab-key.gpg`);
    await bring(`${source} contrib:\n  pkgrepo.absent: []\n`);

    assert.match(added.all, /the host fetches the key from http:\/\/127\.0\.0\.1:8099\/lab\.asc/);
    assert.match(known, /apt\.lab\.invalid\/debian\/dists\/stable\/InRelease/);
    assert.equal(changed, `${source} contrib\n${KEY_SHA256}  -\n`);
    assert.equal(await on(name(), `ls ${file} 2>/dev/null; true`), '');
  });
});
