import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { eventually } from '../../support/lab.ts';
import { withSlab } from '../../support/slab.ts';

/** A step that waits until it may go on, and one after it. */
const held = (word: string) => `
${word}-slow:
  cmd.run:
    - name: echo began >/tmp/${word}-began; until test -e /tmp/${word}-go; do sleep 0.1; done; echo done >/tmp/${word}-done
    - creates: /tmp/${word}-done
/tmp/${word}-later:
  file.managed:
    - contents: x
    - require:
      - cmd: ${word}-slow
`;

describe('two people at one host', function () {
  this.timeout(60_000);
  const hosts = withSlab({ count: 1, form: 'light' });
  const { name, ssh, on } = hosts;
  const is = async (path: string) => (await ssh(name(), `test -e ${path}`)).code === 0;
  const project = (states: string) => hosts.project({ files: { 'states/site.sls': states } });
  const begun = async (word: string) => {
    const own = project(held(word));
    const run = own.start('apply', '-y', '--progress', 'lines');
    await eventually(`${word} began`, () => is(`/tmp/${word}-began`));
    return { own, run };
  };

  it('do not meet: one is refused at once and told who holds it, one waits and then plans what is there', async () => {
    const { run } = await begun('meet');
    const other = project(`${held('meet')}
/tmp/meet-other:
  file.managed:
    - contents: x
`);

    const refused = await other.slab('apply', '-y');
    const planned = await other.slab('plan', '--detailed-exitcode');
    const waiting = other.start('apply', '-y', '--wait', '60', '--progress', 'lines');
    await eventually('it waits', () => Promise.resolve(/ wait \S+: locked by/.test(waiting.said())));
    const meanwhile = await is('/tmp/meet-other');
    await on(name(), 'touch /tmp/meet-go');
    const [first, second] = [await run.ended, await waiting.ended];

    assert.deepEqual([refused.code, planned.code, first.code, second.code], [6, 2, 0, 0], second.all);
    assert.match(
      refused.stdout,
      /locked by \S+@\S+, run [0-9a-f]{8}, since 20\d\d-\S+, slab apply, process \d+ \(held for/,
    );
    assert.match(refused.stdout, /fix: wait for it with --wait SECONDS/);
    assert.equal(meanwhile, false);
    // What the first did was done when the second looked.
    assert.match(second.stdout, /1 changed, verified/);
  });

  it('stop waiting when the time is over', async () => {
    const { run } = await begun('over');

    const late = await project('/tmp/over-other:\n  file.managed:\n    - contents: x\n').slab(
      ...['apply', '-y', '--wait', '1'],
    );
    await on(name(), 'touch /tmp/over-go');

    assert.equal(late.code, 6, late.all);
    assert.match(late.stdout, /locked by /);
    assert.equal((await run.ended).code, 0);
  });

  it('find a host free when slab was killed on the other, and hear of it', async () => {
    const { run } = await begun('dead');
    run.kill('SIGKILL');
    await run.ended;
    const next = project('/tmp/dead-next:\n  file.managed:\n    - contents: x\n');

    const during = await next.slab('apply', '-y');
    await on(name(), 'touch /tmp/dead-go');
    await eventually('its step is over', () => is('/tmp/dead-done'));
    const after = await next.slab('apply', '-y', '--wait', '20', '--progress', 'lines');

    assert.equal(during.code, 6, 'a step of the dead run is still at work');
    assert.match(during.stdout, /a step of it runs/);
    assert.equal(after.code, 0, after.all);
    assert.equal(await is('/tmp/dead-later'), false);
  });

  it('take a lock away with a reason: the other ends before its next step, and it is on record', async () => {
    const { own, run } = await begun('break');

    const unlocked = await own.slab('unlock', name(), '--reason', 'the laptop sleeps');
    await on(name(), 'touch /tmp/break-go');
    const ended = await run.ended;
    const again = await own.slab('apply', '-y');

    assert.equal(unlocked.code, 6, unlocked.all);
    assert.match(
      unlocked.stdout,
      /the lock was taken away from \S+@\S+, run [0-9a-f]{8}, .*; a step of it still runs/,
    );
    assert.equal(ended.code, 130, ended.all);
    assert.match(ended.stdout, /the lock was taken away: \S+@\S+: the laptop sleeps/);
    assert.match(await on(name(), 'cat /run/slab/unlocked'), /took the lock from .*: the laptop sleeps\n/);
    assert.deepEqual([again.code, await is('/tmp/break-later')], [0, true], again.all);
  });

  it('are told that nobody held the lock, and need a reason to take one away', async () => {
    const own = project('{}\n');

    const free = await own.slab('unlock', name(), '--reason', 'to see');
    const without = await own.slab('unlock', name());

    assert.deepEqual([free.code, without.code], [0, 3]);
    assert.match(free.stdout, /nobody held the lock/);
  });
});
