import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';
import { shellAtTerminal, slabAtTerminal, slabCommand } from '../../support/terminal.ts';

const SITE = 'slow:\n  cmd.run:\n    - name: sleep 1; echo >>/srv/ran\n    - unless: test -e /srv/ran\n';
const ROLLOUT = "stages: [{name: all, target: '*', batch: 1, gates: []}]\n";

describe('what is typed while a roll-out runs', function () {
  this.timeout(60_000);
  const hosts = withSlab({ count: 3, form: 'light' });
  const { on, name } = hosts;
  /** A project whose hosts have everything to do. */
  const begin = async () => {
    for (const index of [0, 1, 2]) await on(name(index), 'rm -f /srv/ran');
    return hosts.project({ files: { 'states/site.sls': SITE, 'inventories/lab/rollout.yaml': ROLLOUT } });
  };
  const changed = async (): Promise<string> => {
    const all = await Promise.all(
      [0, 1, 2].map((index) => on(name(index), 'cat /srv/ran 2>/dev/null | wc -l')),
    );
    return all.join('').replaceAll('\n', ' ').trim();
  };

  it('pauses before the next batch, and goes on', async () => {
    const { directory } = await begin();

    const run = slabAtTerminal(directory, 'deploy', '-y');
    await run.type(/\[p\] pause after this batch {3}\[a\] abort {3}\[v\] verbose {3}Ctrl-C stop safely/, 'p');
    await run.type(/paused before all, batch 2 of 3/, '');
    assert.match(run.said(), /\[p\] go on/);
    await setTimeout(1500);
    const paused = await changed();
    await run.type(/paused/, 'p');
    const { code, screen } = await run.ended;

    assert.equal(paused, '1 0 0');
    assert.equal(code, 0, screen);
    assert.match(screen, /goes on/);
    assert.equal(await changed(), '1 1 1');
  });

  it('aborts before the next step; what is begun ends', async () => {
    const { directory } = await begin();

    const run = slabAtTerminal(directory, 'deploy', '-y');
    await run.type(/1 at work/, 'a');
    const { code, screen } = await run.ended;

    assert.equal(code, 130, screen);
    assert.match(screen, /aborted by \S+@\S+, at the terminal/);
    assert.match(screen, /Not begun: /);
    assert.match(await changed(), /^[01] 0 0$/);
  });

  it('aborts in order while it is still connecting, as Ctrl-C does', async () => {
    const project = await begin();

    const run = slabAtTerminal(project.directory, 'deploy', '-y');
    await run.type(/\[a\] abort/, 'a');
    const typed = await run.ended;
    const other = project.start('deploy', '-y', '--progress', 'lines');
    await other.heard(/start deploy/g, 1);
    other.kill('SIGINT');
    const killed = await other.ended;

    for (const { code, said } of [
      { code: typed.code, said: typed.screen },
      { code: killed.code, said: killed.all },
    ]) {
      assert.equal(code, 130, said);
      assert.match(said, /Not begun: /);
      assert.doesNotMatch(said, /bug/);
    }
    // On a busy machine the first host may be connected before the key is heard.
    assert.match(await changed(), /^[01] 0 0$/);
  });

  it('ends a pause with Ctrl-C, as the signal of a terminal does', async () => {
    const { directory } = await begin();

    const run = slabAtTerminal(directory, 'deploy', '-y');
    await run.type(/\[p\] pause/, 'p');
    await run.type(/paused before all, batch 2 of 3/, '\u0003');
    const { code, screen } = await run.ended;

    assert.equal(code, 130, screen);
    assert.match(screen, /Not begun: /);
    assert.equal(await changed(), '1 0 0');
  });

  it('shows what goes well too, takes no letter of an arrow key, and leaves the terminal as it was', async () => {
    const { directory } = await begin();

    const run = shellAtTerminal(directory, `${slabCommand('deploy', '-y')}; echo "code $?"; stty -a`);
    await run.type(/\[v\] verbose/, 'v');
    await run.type(/\[v\] less/, '\u001b[A');
    await run.type(/\[v\] less/, 'paste');
    const { screen } = await run.ended;

    assert.match(screen, /code 0/);
    assert.match(screen, new RegExp(`${name(1)} . cmd\\.run sleep 1`));
    assert.match(screen, new RegExp(`${name(1)} . done: 1 changed`));
    assert.match(screen, / icanon /);
    assert.match(screen, / echo /);
    assert.equal(await changed(), '1 1 1');
  });

  it('is for others to read while slab is in the background', async () => {
    const { directory } = await begin();

    const run = shellAtTerminal(
      directory,
      `set -m; ${slabCommand('deploy', '-y')} & read -r line; echo "read $line"; wait $!; echo "code $?"`,
    );
    await run.type(/1 at work/, 'all of it\n');
    const { screen } = await run.ended;

    assert.match(screen, /read all of it/);
    assert.match(screen, /code 0/);
    assert.doesNotMatch(screen, /\[p\] pause|aborted/);
    assert.equal(await changed(), '1 1 1');
  });
});
