import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

describe('a step that fails', function () {
  this.timeout(60_000);
  const hosts = withSlab({ count: 1, form: 'light' });
  const { on, name } = hosts;

  it('ends what depends on it and nothing else, and is named once', async () => {
    const project = hosts.project({
      files: {
        'states/site.sls': `
breaks:
  cmd.run:
    - name: printf 'the disk is %s' 'on fire'; exit 9
needs-it:
  file.managed:
    - name: /tmp/needs-it
    - contents: x
    - require:
      - cmd: breaks
needs-that:
  file.managed:
    - name: /tmp/needs-that
    - contents: x
    - require:
      - file: needs-it
stands-alone:
  file.managed:
    - name: /tmp/stands-alone
    - contents: x
`,
      },
    });

    const applied = await project.slab('apply', '-y', '--progress', 'none');

    assert.equal(applied.code, 5, applied.all);
    assert.equal(await on(name(), 'cd /tmp && ls -d needs-* stands-* 2>/dev/null; true'), 'stands-alone\n');
    const result = applied.stdout.slice(applied.stdout.indexOf('Plan:'));
    assert.equal(result.match(/the disk is on fire/g)?.length, 1, result);
    assert.match(result, /1 changed, 1 failed, 2 skipped/);
    assert.match(result, /requires cmd\.run printf .*, which failed/);
  });

  it('that a person repaired is done by the next run, which leaves the rest alone', async () => {
    const project = hosts.project({
      files: {
        'states/site.sls': `
/tmp/before-repair:
  file.managed:
    - contents: x
needs-a-tool:
  cmd.run:
    - name: cat /tmp/repaired >/tmp/result
    - creates: /tmp/result
    - require:
      - file: /tmp/before-repair
`,
      },
    });

    const first = await project.slab('apply', '-y');
    await on(name(), 'test -f /tmp/before-repair; echo yes >/tmp/repaired; rm -f /tmp/result');
    const second = await project.slab('apply', '-y');
    const third = await project.slab('plan', '--detailed-exitcode');

    assert.deepEqual([first.code, second.code, third.code], [5, 0, 0], first.all + second.all + third.all);
    assert.match(second.stdout, /1 changed, verified/);
  });

  it('makes an onfail state run, which a success does not', async () => {
    const states = (exit: number) => `
tries:
  cmd.run:
    - name: exit ${exit}
rescue:
  cmd.run:
    - name: echo rescued >>/tmp/rescue
    - onfail:
      - cmd: tries
`;
    const project = hosts.project({ files: { 'states/site.sls': states(0) } });

    const well = await project.slab('apply', '-y');
    const untouched = await on(name(), 'cat /tmp/rescue 2>/dev/null; true');
    project.write({ 'states/site.sls': states(1) });
    const badly = await project.slab('apply', '-y');

    assert.deepEqual([well.code, badly.code], [0, 5], well.all + badly.all);
    assert.equal(untouched, '');
    assert.equal(await on(name(), 'cat /tmp/rescue'), 'rescued\n');
  });
});

describe('commands', function () {
  this.timeout(60_000);
  const hosts = withSlab({ count: 1, form: 'light' });
  const { on, name } = hosts;

  it('with onchanges run only when the watched state changed', async () => {
    const states = (text: string) => `
/tmp/aliases:
  file.managed:
    - contents: "${text}"
rebuild:
  cmd.run:
    - name: echo ran >>/tmp/rebuilt
    - onchanges:
      - file: /tmp/aliases
`;
    const project = hosts.project({ files: { 'states/site.sls': states('a') } });

    const first = await project.slab('apply', '-y');
    const second = await project.slab('plan', '--detailed-exitcode');
    project.write({ 'states/site.sls': states('b') });
    const third = await project.slab('apply', '-y');

    assert.deepEqual([first.code, second.code, third.code], [0, 0, 0], first.all + second.all + third.all);
    assert.equal(await on(name(), 'cat /tmp/rebuilt'), 'ran\nran\n');
  });

  it('are left out by unless, onlyif and creates, also when an earlier step of the run makes that so', async () => {
    const project = hosts.project({
      files: {
        'states/site.sls': `
/tmp/made-earlier:
  file.managed:
    - contents: x
by-creates:
  cmd.run:
    - name: echo creates >>/tmp/ran
    - creates: /tmp/made-earlier
    - require: [{file: /tmp/made-earlier}]
by-unless:
  cmd.run:
    - name: echo unless >>/tmp/ran
    - unless: test -e /tmp/made-earlier
    - require: [{file: /tmp/made-earlier}]
by-onlyif:
  cmd.run:
    - name: echo onlyif >>/tmp/ran
    - onlyif: test -e /tmp/made-earlier
    - require: [{file: /tmp/made-earlier}]
`,
      },
    });

    const applied = await project.slab('apply', '-y');

    assert.equal(applied.code, 0, applied.all);
    assert.equal(await on(name(), 'cat /tmp/ran'), 'onlyif\n');
  });

  it('without a condition are shown as running every time', async () => {
    const project = hosts.project({
      files: { 'states/site.sls': 'again:\n  cmd.run:\n    - name: echo again >>/tmp/again\n' },
    });

    const first = await project.slab('apply', '-y');
    const plan = await project.slab('plan', '--detailed-exitcode');

    assert.equal(first.code, 0, first.all);
    assert.equal(plan.code, 2, plan.all);
    assert.match(plan.stdout, /runs every time/);
  });

  it('that take too long are ended with all their processes', async () => {
    const project = hosts.project({
      files: { 'states/site.sls': 'slow:\n  cmd.run:\n    - name: sleep 71 & sleep 71\n    - timeout: 1\n' },
    });

    const applied = await project.slab('apply', '-y');

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.stdout, /it was ended: it may take 1 s at most/);
    assert.equal(await on(name(), 'ps -eo args | grep "^sleep 71" || true'), '');
  });

  it('run as whom, where and with what they are told', async () => {
    const project = hosts.project({
      files: {
        'states/site.sls': `
told:
  cmd.run:
    - name: echo "$(id -un) $(pwd) $WORD $(umask)" >/tmp/told
    - runas: deploy
    - cwd: /usr
    - umask: "027"
    - env:
      - WORD: "it's \\"$HOME\\""
    - creates: /tmp/told
`,
      },
    });

    const applied = await project.slab('apply', '-y');

    assert.equal(applied.code, 0, applied.all);
    assert.equal(await on(name(), 'cat /tmp/told'), 'deploy /usr it\'s "$HOME" 0027\n');
  });
});
