import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { bringer } from '../../support/host-case.ts';
import { withLab } from '../../support/lab.ts';

describe("jobs and variables of users' crontabs", () => {
  const lab = withLab({ count: 1 });
  const { bring, run } = bringer(lab, () => lab.hosts()[0]?.name ?? '');
  const table = (user = 'root') => run(`crontab -u ${user} -l 2>/dev/null || :`);
  const told = ({ changes, codes, problems, left }: ReturnType<typeof bring>) => ({
    actions: changes.map(({ action }) => action),
    codes,
    problems,
    left,
  });
  const done = (action: string) => ({ actions: [action], codes: [0], problems: [], left: [] });

  it('writes the first job of a user, changes it and takes it out again', () => {
    const name = `printf '50\\% "off"\\n' >/dev/null`;
    const job = (args: Readonly<Record<string, string | number>>) =>
      bring(['cron.present', name, { user: 'deploy', identifier: 'offer', ...args }]);

    const first = job({ minute: 5 });
    const then = job({ special: '@daily', comment: 'once a day' });
    const after = table('deploy');
    const last = bring(['cron.absent', 'another', { user: 'deploy', identifier: 'offer' }]);

    assert.deepEqual(told(first), done('create'), first.output);
    assert.deepEqual(told(then), done('update'), then.output);
    assert.equal(after, `# once a day SALT_CRON_IDENTIFIER:offer\n@daily ${name}\n`);
    assert.deepEqual(told(last), done('remove'), last.output);
    assert.equal(table('deploy'), '');
  });

  it('leaves the lines of others as they are, and variables stand above the marked jobs', () => {
    run(
      "printf '# ours\\n\\n7 7 * * *  theirs\\n# SALT_CRON_IDENTIFIER:b\\n1 1 * * * b\\n2 2 * * * adopted --now\\n' | crontab -",
    );

    const outputs = [
      bring(['cron.env_present', 'MAILTO', { value: 'ops@example.net' }]),
      bring(['cron.present', 'adopted --now', { minute: 2, hour: 2 }]),
      bring(['cron.present', 'b2', { identifier: 'b', minute: 1, hour: 1, commented: true }]),
    ].map(({ output, codes, left }) => ({ output, codes, left }));

    assert.deepEqual(
      outputs,
      outputs.map(() => ({ output: '', codes: [0], left: [] })),
    );
    assert.equal(
      table(),
      [
        '# ours\n\n7 7 * * *  theirs\nMAILTO=ops@example.net\n# SALT_CRON_IDENTIFIER:b\n#DISABLED#1 1 * * * b2',
        '# SALT_CRON_IDENTIFIER:adopted --now\n2 2 * * * adopted --now\n',
      ].join('\n'),
    );
  });

  it('changes nothing that is no longer as the plan saw it', () => {
    const between = `crontab -l | sed 's/^1 1/1 2/;s/^#DISABLED#1 1/#DISABLED#1 2/' | crontab -`;

    const brought = bring(['cron.present', 'b3', { identifier: 'b' }], { between });

    assert.deepEqual(brought.codes, [118]);
    assert.match(brought.output, /no longer what the plan saw/);
    assert.match(table(), /^#DISABLED#1 2 \* \* \* b2$/m);
  });

  it('says what cron has against a job, and the crontab stays', () => {
    const before = table();

    const brought = bring(['cron.present', 'late', { minute: 99 }]);

    assert.deepEqual(brought.codes, [1], brought.output);
    assert.match(brought.output, /bad minute/);
    assert.equal(table(), before);
  });

  it('is refused for a user that is not there', () => {
    const brought = bring(['cron.present', 'job', { user: 'nobody-knows' }]);

    assert.deepEqual(brought.problems, ['this host has no user nobody-knows']);
  });
});
