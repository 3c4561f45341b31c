import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { campaignOf, EVENTS_EACH, numbers, STATE_EVENT } from '../../support/campaign.ts';
import { withSlab } from '../../support/slab.ts';

/** So many times; `SLAB_KILLS=50` for the long form. */
const TIMES = Number(process.env['SLAB_KILLS'] ?? 4);
/** `SLAB_SEED` plays one again. */
const SEED = Number(process.env['SLAB_SEED'] ?? Date.now() % 1_000_000);

describe(`a roll-out whose slab is killed at some moment (SLAB_SEED=${SEED})`, function () {
  this.timeout(90_000 + 60_000 * TIMES);
  const hosts = withSlab({ count: 3, form: 'light' });
  const campaign = campaignOf(hosts);

  it('leaves every host done, untouched or named, and a resume finishes', async () => {
    const random = numbers(SEED);
    const project = await campaign.begin();
    for (let round = 1; round <= TIMES; round++) {
      const version = `v${round}`;
      const said = `round ${round} of seed ${SEED}`;
      campaign.declare(project, version);
      const earlier = await campaign.runsOf(project);
      const run = project.start('deploy', '-y', '--json');
      // At any moment, or right between two steps.
      const moment = random();
      const events = Math.ceil(moment * 3 * EVENTS_EACH);
      const timer = round % 2 === 0 ? undefined : setTimeout(() => run.kill('SIGKILL'), 300 + moment * 6000);
      if (timer === undefined) void run.heard(STATE_EVENT, events).then(() => run.kill('SIGKILL'));
      const first = await run.ended;
      clearTimeout(timer);

      const record = first.code === 0 ? undefined : await campaign.recordOf(project, earlier);
      if (record !== undefined) await campaign.compare(record, version, said);
      const words = ['deploy', '-y', '--resume', '--wait', '30', '--progress', 'lines'];
      const resumed = await project.slab(...words);

      assert.equal(resumed.code, 0, `${said}: ${first.all}\n${resumed.all}`);
      // A step that was at work when slab was killed ends by itself before the host is free, so none ran twice; and none
      // that was to follow was lost.
      await campaign.proveOnce(version, said);
    }
  });
});
