import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

const SITE = `
/srv/flag:
  file.managed:
    - contents: here
    - unless:
      - fun: file.file_exists
        path: /srv/flag
/srv/of-bash:
  file.managed:
    - contents: bash
    - onlyif:
      - fun: pkg.version
        args: [bash]
      - fun: file.stats
        args: [/etc/passwd]
        get_return: type
/srv/never:
  file.managed:
    - contents: never
    - onlyif: {fun: file.directory_exists, path: /no/such/directory}
as the user:
  cmd.run:
    - name: id -un >/srv/who/name
    - runas: nobody
    - env: {WANTED: nobody}
    - prepend_path: /srv/bin
    - onlyif: '[ "$(id -un) $HOME" = "$WANTED $(getent passwd nobody | cut -d: -f6)" ]'
    - unless: grep -qs nobody /srv/who/name
    - require: [{file: /srv/who}]
/srv/who:
  file.directory:
    - user: nobody
`;

describe('conditions on a real host', function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 1, form: 'light' });
  const name = () => hosts.name();

  it('are answered, asked again, and met when everything is in place', async () => {
    const lab = hosts.project({ files: { 'states/site.sls': SITE } });

    const planned = await lab.slab('plan');
    const applied = await lab.slab('apply', '--yes');
    const again = await lab.slab('plan', '--detailed-exitcode');

    assert.match(planned.all, /\/srv\/flag/);
    assert.equal(applied.code, 0, applied.all);
    assert.equal(
      await hosts.on(name(), 'cd /srv; cat flag of-bash who/name; ls never 2>&1 | grep -c .'),
      'here\nbash\nnobody\n1\n',
    );
    assert.equal(again.code, 0, again.all);
  });

  it('do not fail a state whose own steps took away what they ask about', async () => {
    const site = `
/srv/asked:
  file.absent:
    - onlyif: [{fun: file.get_mode, path: /srv/asked}]
`;
    const lab = hosts.project({ files: { 'states/site.sls': site } });
    await hosts.on(name(), 'echo x >/srv/asked');

    const applied = await lab.slab('apply', '--yes');

    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.all, /\/srv\/asked/);
    assert.equal(await hosts.on(name(), 'ls /srv/asked 2>/dev/null | wc -l'), '0\n');
  });

  it('fail the plan in words when the host cannot answer', async () => {
    const site = `
/srv/asked:
  file.managed:
    - contents: x
    - onlyif: [{fun: file.get_mode, path: /srv/asked}]
`;
    const lab = hosts.project({ files: { 'states/site.sls': site } });

    const planned = await lab.slab('plan');

    assert.notEqual(planned.code, 0);
    assert.match(planned.all, /onlyif cannot be answered: file\.get_mode\(path='\/srv\/asked'\)/);
  });
});
