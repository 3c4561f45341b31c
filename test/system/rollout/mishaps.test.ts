import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { innerNumber } from '../../../lib/lab/host.ts';
import { labLayout } from '../../../lib/lab/layout.ts';
import { campaignOf, EVENTS_EACH, numbers, STATE_EVENT } from '../../support/campaign.ts';
import { answerOf } from '../../support/lab.ts';
import { withSlab } from '../../support/slab.ts';

/** What may happen to a host, or with whom it may be shared. */
const MISHAPS = ['power cycle', 'cut for a while', 'cut for good', 'second person'] as const;
type Mishap = (typeof MISHAPS)[number];

/** So many of each; `SLAB_MISHAPS=10` for the long form. */
const TIMES = Number(process.env['SLAB_MISHAPS'] ?? 1);
/** `SLAB_SEED` plays one again. */
const SEED = Number(process.env['SLAB_SEED'] ?? Date.now() % 1_000_000);

describe(`a roll-out that meets with a mishap between two steps (SLAB_SEED=${SEED})`, function () {
  this.timeout(120_000 + 500_000 * TIMES);
  const hosts = withSlab({ count: 3 });
  const campaign = campaignOf(hosts);
  const random = numbers(SEED);
  const among = (count: number): number => Math.floor(random() * count);

  /** Pulls a host's network cable, or what else is told of it. */
  const cable = async (index: number, how: string): Promise<void> => {
    const { lab } = labLayout(hosts.directory, hosts.prefix);
    const pid = readFileSync(join(lab, 'switch.pid'), 'utf8').trim();
    const number = innerNumber(hosts.hosts()[index]?.number ?? 0);
    const set = (state: string): string => `ip link set v${number}-0 ${state}`;
    const command = how === 'blink' ? `${set('down')}; sleep 3; ${set('up')}` : set(how);
    const { code, stderr } = await answerOf('nsenter', [`--net=/proc/${pid}/ns/net`, 'sh', '-c', command]);
    assert.equal(code, 0, stderr);
  };

  /** Somebody else rolls the same out from a checkout of their own, who waits for locked hosts or not. */
  const joinIn = async (version: string) => {
    const project = await campaign.begin();
    campaign.declare(project, version);
    const patience = random() < 0.5 ? [] : ['--wait', '120'];
    return { project, answer: await project.slab('deploy', '-y', '--json', ...patience) };
  };

  let rounds = 0;
  for (const mishap of MISHAPS.flatMap((each) => Array<Mishap>(TIMES).fill(each)))
    it(`(${mishap}) leaves every host done, untouched or named, and a resume finishes`, async () => {
      const version = `v${++rounds}`;
      const project = await campaign.begin();
      campaign.declare(project, version);
      const [index, event] = [among(3), 1 + among(3 * EVENTS_EACH - 1)];
      const host = hosts.name(index);
      const said = `${mishap} of ${host} after ${event} events, ${version} of seed ${SEED}`;

      const run = project.start('deploy', '-y', '--json');
      await Promise.race([run.heard(STATE_EVENT, event), run.ended]);
      if (mishap === 'power cycle') await hosts.lab.power(host, 'cycle');
      if (mishap === 'cut for a while') await cable(index, 'blink');
      if (mishap === 'cut for good') await cable(index, 'down');
      const other = mishap === 'second person' ? await joinIn(version) : undefined;
      const first = await run.ended;

      const record = await campaign.recordOf(project);
      if (mishap === 'cut for a while') assert.equal(first.code, 0, `${said}: ${first.all}`);
      if (mishap === 'cut for good') {
        const still = await project.slab('deploy', '-y', '--resume', '--progress', 'none');
        assert.equal(still.code, first.code, `${said}: ${still.all}`);
        if (still.code !== 0) assert.match(still.stdout, new RegExp(`Stopped: .*${host}`), said);
        await cable(index, 'up');
      }
      if (other === undefined) {
        if (first.code !== 0 && record !== undefined) await campaign.compare(record, version, said);
      } else {
        for (const { code, all } of [first, other.answer])
          if (code !== 0) assert.match(all, /locked by \S+@\S+, run [0-9a-f]{8}, since/, `${said}: ${all}`);
        if (other.answer.code !== 0) await campaign.finish(other.project, version, said);
      }
      if (first.code !== 0) await campaign.finish(project, version, said);

      await campaign.proveOnce(version, said, other === undefined ? [] : ['migrate']);
    });
});
