import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { eventually } from '../../support/lab.ts';
import { withSlab } from '../../support/slab.ts';

/** A step that says when it began and when it was done, and one after it; every test has its own word for them. */
const slow = (word: string, seconds = 4) => `
${word}-slow:
  cmd.run:
    - name: echo began >/tmp/${word}-began; sleep ${seconds}; echo done >/tmp/${word}-done
    - creates: /tmp/${word}-done
${word}-later:
  file.managed:
    - name: /tmp/${word}-later
    - contents: x
    - require:
      - cmd: ${word}-slow
`;

describe('a run that is interrupted', function () {
  this.timeout(60_000);
  const hosts = withSlab({ count: 1, form: 'light' });
  const { name, ssh, on } = hosts;
  const is = async (path: string) => (await ssh(name(), `test -e ${path}`)).code === 0;

  const started = async (word: string, seconds?: number) => {
    const project = hosts.project({ files: { 'states/site.sls': slow(word, seconds) } });
    const run = project.start('apply', '-y');
    await eventually(`${word} began`, () => is(`/tmp/${word}-began`));
    return { project, run };
  };

  it('by one Ctrl-C lets the running step finish and begins no other', async () => {
    const { project, run } = await started('once', 2);
    run.kill('SIGINT');

    const ended = await run.ended;
    const next = await project.slab('apply', '-y');

    assert.equal(ended.code, 130, ended.all);
    assert.deepEqual([await is('/tmp/once-done'), /stopped/.test(ended.stdout)], [true, true], ended.all);
    assert.equal(next.code, 0, next.all);
    assert.match(next.stdout, /1 changed, verified/);
  });

  it('by a second Ctrl-C ends the running step with all its processes', async () => {
    const { run } = await started('twice', 61);
    run.kill('SIGINT');
    await eventually('the first one is understood', () => Promise.resolve(/Ctrl-C again/.test(run.said())));
    run.kill('SIGINT');

    const ended = await run.ended;

    assert.equal(ended.code, 130, ended.all);
    assert.deepEqual([await is('/tmp/twice-done'), await is('/tmp/twice-later')], [false, false]);
    assert.equal((await ssh(name(), 'ps -eo args | grep "^sleep 61"')).stdout, '');
  });

  it('ends a step that is limited in time, and written in other letters, as well', async () => {
    const states = slow('größe', 63).replace('    - creates', '    - timeout: 50\n    - creates');
    const project = hosts.project({ files: { 'states/site.sls': states } });
    const run = project.start('apply', '-y');
    await eventually('it began', () => is('/tmp/größe-began'));
    run.kill('SIGTERM');

    const ended = await run.ended;

    assert.equal(ended.code, 143, ended.all);
    assert.equal((await ssh(name(), 'ps -eo args | grep "^sleep 63"')).stdout, '');
  });

  it('by SIGTERM ends the running step and says so with 143', async () => {
    const { run } = await started('term', 62);
    run.kill('SIGTERM');

    const ended = await run.ended;

    assert.equal(ended.code, 143, ended.all);
    assert.deepEqual([await is('/tmp/term-done'), await is('/tmp/term-later')], [false, false]);
    assert.equal((await ssh(name(), 'ps -eo args | grep "^sleep 62"')).stdout, '');
  });

  it('while it only looks ends at once', async () => {
    const project = hosts.project({
      files: {
        'states/site.sls': 'asks:\n  cmd.run:\n    - name: echo\n    - onlyif: touch /tmp/asked; sleep 20\n',
      },
    });
    const run = project.start('apply', '-y');
    await eventually('the condition is asked', () => is('/tmp/asked'));
    const began = Date.now();
    run.kill('SIGINT');

    const ended = await run.ended;

    assert.equal(ended.code, 130, ended.all);
    assert.match(ended.stderr, /nothing was changed/);
    assert.ok(Date.now() - began < 5000, `it took ${Date.now() - began} ms`);
  });

  it('by a lost connection calls the step unknown, begins no other, and is taken up by the next run', async () => {
    const { project, run } = await started('lost', 3);
    await on(name(), `kill $(ps -eo pid,args | awk '/sshd: root@notty/ && !/awk/ {print $1}' | head -1)`);

    const ended = await run.ended;
    await new Promise((resolve) => setTimeout(resolve, 3500));
    const later = await is('/tmp/lost-later');
    const next = await project.slab('apply', '-y');
    const empty = await project.slab('plan', '--detailed-exitcode');

    assert.equal(ended.code, 5, ended.all);
    assert.match(ended.stdout, /1 unknown/);
    assert.equal(later, false, 'the later step did not start');
    assert.equal(next.code, 0, next.all);
    assert.equal(empty.code, 0, empty.all);
  });

  it('by the death of slab itself leaves no lock behind', async () => {
    const { project, run } = await started('dead', 2);
    run.kill('SIGKILL');
    await run.ended;
    await eventually('the step is over', () => is('/tmp/dead-done'));

    const next = await project.slab('apply', '-y');

    assert.equal(next.code, 0, next.all);
    assert.match(next.stdout, /verified/);
  });
});

describe('two runs on one host', function () {
  this.timeout(60_000);
  const hosts = withSlab({ count: 1, form: 'light' });
  const { name, ssh } = hosts;
  const is = async (path: string) => (await ssh(name(), `test -e ${path}`)).code === 0;

  it('do not meet: the second is refused, says who is at work, and changes nothing', async () => {
    const first = hosts.project({ files: { 'states/site.sls': slow('first') } });
    const second = hosts.project({
      files: { 'states/site.sls': '/tmp/by-second:\n  file.managed:\n    - contents: x\n' },
    });
    const running = first.start('apply', '-y');
    await eventually('the first began', () => is('/tmp/first-began'));

    const refused = await second.slab('apply', '-y');
    const planned = await second.slab('plan', '--detailed-exitcode');
    const changed = await is('/tmp/by-second');
    const ended = await running.ended;
    const again = await second.slab('apply', '-y');

    assert.equal(refused.code, 6, refused.all);
    assert.match(refused.stdout, /locked by \S+@\S+, run [0-9a-f]{8}, since 20\d\d-/);
    assert.equal(changed, false);
    assert.equal(planned.code, 2, 'a plan needs no lock');
    assert.deepEqual([ended.code, again.code], [0, 0], ended.all + again.all);
  });
});
