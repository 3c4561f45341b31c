import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { eventually } from '../../support/lab.ts';
import { withSlab } from '../../support/slab.ts';

const STATES = `
slow:
  cmd.run:
    - name: echo began >/tmp/began; until test -e /tmp/go; do sleep 0.1; done; echo done >/tmp/done
    - creates: /tmp/done
/tmp/later:
  file.managed:
    - contents: x
    - require:
      - cmd: slow
`;

describe('the history of a checkout', function () {
  this.timeout(60_000);
  const hosts = withSlab({ count: 1, form: 'light' });
  const { name, ssh, on } = hosts;
  const is = async (path: string) => (await ssh(name(), `test -e ${path}`)).code === 0;
  const idOf = (text: string): string => /run ([0-9a-f]{8})/.exec(text)?.[1] ?? '';

  it('has a run while it is at work and after it; abort from elsewhere ends it before its next step', async () => {
    const project = hosts.project({ files: { 'states/site.sls': STATES } });
    const run = project.start('apply', '-y', '--progress', 'lines');
    await eventually('it began', () => is('/tmp/began'));
    const id = idOf(run.said());

    const running = await project.slab('history');
    const aborted = await project.slab('abort', id.slice(0, 5), '--reason', 'wrong branch');
    await eventually('it is understood', () =>
      Promise.resolve(/aborted by .*: wrong branch/.test(run.said())),
    );
    await on(name(), 'touch /tmp/go');
    const ended = await run.ended;
    const again = await project.slab('abort', id);
    const show = await project.slab('show', id);
    const json = await project.slab('show', id, '--json');
    const listed = await project.slab('history', '--json');

    assert.match(running.stdout, new RegExp(`${id}  20.* apply lab .* running, 0 of 1 host done`));
    assert.deepEqual([aborted.code, ended.code, again.code, show.code], [0, 130, 3, 0], ended.all);
    assert.deepEqual([await is('/tmp/done'), await is('/tmp/later')], [true, false]);
    assert.match(again.stderr, /is not at work on this machine: stopped/);
    assert.match(show.stdout, /aborted by \S+@\S+: wrong branch/);
    assert.match(show.stdout, /changed {3}cmd\.run slow|changed {3}cmd\.run echo began/);
    assert.match(show.stdout, /skipped .* the run was stopped/);
    const { exitCode, hosts: shown } = JSON.parse(json.stdout) as {
      readonly exitCode: number;
      readonly hosts: readonly { readonly host: string; readonly state: string }[];
    };
    assert.deepEqual([exitCode, shown.map(({ state }) => state)], [130, ['failed']]);
    assert.deepEqual(
      (JSON.parse(listed.stdout) as readonly { readonly run: string }[]).map((each) => each.run),
      [id],
    );
  });

  it('calls a run whose slab was killed cut short, and its host unknown', async () => {
    const project = hosts.project({
      files: { 'states/site.sls': STATES.replaceAll('/tmp/', '/tmp/cut-') },
    });
    const run = project.start('apply', '-y', '--progress', 'lines');
    await eventually('it began', () => is('/tmp/cut-began'));
    run.kill('SIGKILL');
    await run.ended;

    const show = await project.slab('show', idOf(run.said()));
    await on(name(), 'touch /tmp/cut-go');

    assert.match(show.stdout, /cut short[^]*unknown \(1 host\)[^]*had begun; how it ended is not on record/);
  });

  it('knows no run of another checkout', async () => {
    const project = hosts.project();

    const { code, stderr } = await project.slab('show', 'abcdef01');

    assert.deepEqual([code, /there is no run abcdef01 on record/.test(stderr)], [3, true]);
  });
});
