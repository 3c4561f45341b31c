import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { innerAddress } from '../../../lib/lab/host.ts';
import { withSlab } from '../../support/slab.ts';
import { slabAtTerminal } from '../../support/terminal.ts';

const oneFile = (path: string) => `${path}:\n  file.managed:\n    - contents: x\n    - user: root\n`;

describe('the way into a host', function () {
  this.timeout(60_000);
  const hosts = withSlab({ count: 1, form: 'light' });
  const { name, on, lab } = hosts;
  const as = (user: string, file: string) => {
    const project = hosts.project({ files: { 'states/site.sls': oneFile(file) } });
    project.write({
      'inventories/lab/inventory.yaml': lab
        .inventory()
        .replace('user: root', `user: ${user}\n  become: sudo`),
    });
    return project;
  };

  it('is sudo without a password', async () => {
    const applied = await as('deploy', '/etc/by-deploy').slab('apply', '-y');

    assert.equal(applied.code, 0, applied.all);
    assert.equal(await on(name(), 'stat -c %U /etc/by-deploy'), 'root\n');
  });

  it('is sudo with a password that is asked for once and not shown', async () => {
    const run = slabAtTerminal(as('asker', '/etc/by-asker').directory, 'apply', '-y', '--ask-sudo');
    await run.type(/sudo password: $/, 'lab\r');

    const { code, screen } = await run.ended;

    assert.equal(code, 0, screen);
    assert.doesNotMatch(screen, /password: lab/);
    assert.equal(await on(name(), 'stat -c %U /etc/by-asker'), 'root\n');
  });

  it('is refused in plain words for a wrong sudo password, and for none', async () => {
    const project = as('asker', '/etc/by-nobody');
    const run = slabAtTerminal(project.directory, 'plan', '--ask-sudo');
    await run.type(/sudo password: $/, 'wrong\r');

    const { code, screen } = await run.ended;
    const none = await project.slab('plan');

    assert.equal(code, 4, screen);
    assert.match(screen, /rejected the password/);
    assert.equal(none.code, 4, none.all);
    assert.match(none.all, /--ask-sudo/);
  });

  it('asks nobody when there is no terminal', async () => {
    const answer = await as('asker', '/etc/by-nobody').slab('plan', '--ask-sudo');

    assert.equal(answer.code, 3, answer.all);
    assert.match(answer.stderr, /no terminal/);
  });

  it('is closed for an unknown host key until slab trust adds it', async () => {
    const project = hosts.project({ files: { 'states/site.sls': oneFile('/etc/trusted') } });
    const known = join(project.directory, 'known_hosts');
    project.write({
      'inventories/lab/inventory.yaml': lab.inventory().replace(/known_hosts: .*/, `known_hosts: [${known}]`),
    });

    const before = await project.slab('plan');
    const shown = await project.slab('trust');
    const trusted = await project.slab('trust', '-y');
    const again = await project.slab('trust', '-y');
    const after = await project.slab('plan');

    assert.equal(before.code, 4, before.all);
    assert.match(before.all, /slab trust/);
    assert.equal(shown.code, 6, shown.all);
    assert.equal(trusted.code, 0, trusted.all);
    assert.match(trusted.stdout, /SHA256:/);
    assert.match(again.stderr, /Nothing to add/);
    assert.equal(after.code, 0, after.all);
    assert.match(readFileSync(known, 'utf8'), /ssh-ed25519 /);
  });

  it('asks before it changes anything, and takes only a yes', async () => {
    const project = hosts.project({ files: { 'states/site.sls': oneFile('/etc/asked') } });
    const answer = async (keys: string) => {
      const run = slabAtTerminal(project.directory, 'apply');
      await run.type(/\[y\/N\] /, keys);
      return run.ended;
    };

    const no = await answer('\r');
    const interrupted = await answer('\u0003');
    const ended = await answer('\u0004');
    const untouched = await on(name(), 'ls /etc/asked 2>/dev/null; true');
    const yes = await answer('y\r');

    assert.deepEqual(
      [no.code, interrupted.code, ended.code, yes.code],
      [6, 130, 6, 0],
      interrupted.screen + ended.screen,
    );
    assert.equal(untouched, '');
    assert.equal(await on(name(), 'cat /etc/asked'), 'x\n');
  });

  it('is not asked for without a terminal: nothing is changed', async () => {
    const project = hosts.project({ files: { 'states/site.sls': oneFile('/etc/unasked') } });

    const applied = await project.slab('apply');

    assert.equal(applied.code, 6, applied.all);
    assert.match(applied.stderr, /say -y/);
    assert.equal(await on(name(), 'ls /etc/unasked 2>/dev/null; true'), '');
  });
});

describe('the way through another host', function () {
  this.timeout(60_000);
  const hosts = withSlab({ count: 2 });

  it('is a jump host of the inventory, and both keys are verified', async () => {
    const project = hosts.project({ files: { 'states/site.sls': oneFile('/etc/far') } });
    const [, far] = hosts.hosts();
    const address = innerAddress(far?.number ?? 0);
    const inventory = hosts.lab.inventory();
    const near = inventory.replace(/^ {2}\S+2: .*\n/m, '');
    const known = /known_hosts: \["(.*)"\]/.exec(inventory)?.[1] ?? '';
    const write = (key: string) =>
      project.write({
        known_hosts: `${readFileSync(known, 'utf8')}${address} ${key}\n`,
        'inventories/lab/inventory.yaml':
          `${near}  far: {address: ${address}, port: 22, proxy_jump: ${hosts.name(0)}}\n`.replace(
            known,
            join(project.directory, 'known_hosts'),
          ),
      });

    write(far?.hostKey ?? '');
    const applied = await project.slab('apply', '-y', '-t', 'far');
    write(hosts.hosts()[0]?.hostKey ?? '');
    const refused = await project.slab('plan', '-t', 'far');

    assert.equal(applied.code, 0, applied.all);
    assert.equal(await hosts.on(hosts.name(1), 'cat /etc/far'), 'x\n');
    assert.equal(refused.code, 4, refused.all);
    assert.match(refused.all, /changed|differ/i);
  });
});
