import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readArmed, readStanding } from '../../../lib/confirm/answers.ts';
import { trialOfFile, wayInFile } from '../../../lib/confirm/files.ts';
import { armScript, askScript, lookScript, stageScript } from '../../../lib/confirm/scripts.ts';
import type { Step, Trial } from '../../../lib/model/step.ts';
import { joinScripts, sh } from '../../../lib/shell/sh.ts';
import {
  applied,
  did,
  ended,
  folder,
  HOST_SHELLS,
  kept,
  left,
  onHost,
  words,
} from '../../support/trial-host.ts';

for (const shell of HOST_SHELLS)
  describe(`the host's side of a trial (${shell.join(' ')}, without systemd)`, function () {
    this.timeout(60_000);

    it('stores it in order, once a login begun after all was applied says that all is well', () => {
      const [, armed, , first, second, done, rest, waits] = onHost(shell, [
        joinScripts([kept('0.0', { save: sh`echo x >"$slab_trial/kept-secret"` }), kept('1.0')]),
        armScript(folder, 60),
        applied,
        askScript(folder, false),
        askScript(folder, true),
        did,
        left,
        sh`kill -0 "$(cat ${folder}/sleeper)" 2>/dev/null && echo yes || :`,
      ]);

      assert.deepEqual(readArmed(armed), { is: 'armed' });
      assert.deepEqual(readStanding(first), { is: 'open', applied: true, log: '' });
      assert.equal(readStanding(second).is, 'confirmed');
      assert.deepEqual(words(done), [
        ...['try-0.0', 'try-1.0', 'store-0.0', 'store-1.0', 'resume-0.0', 'resume-1.0'],
      ]);
      assert.deepEqual(words(rest), [], 'scripts and what they keep are gone');
      assert.deepEqual(words(waits), [], 'nothing waits to take it back');
    });

    it('takes it back, the last first, when nobody confirms it in time', () => {
      const [, , , look, done, rest] = onHost(shell, [
        joinScripts([kept('0.0'), kept('1.0', { save: sh`echo x >"$slab_trial/kept-secret"` })]),
        armScript(folder, 1),
        ended,
        lookScript(folder),
        did,
        left,
      ]);

      const { is, why, failed } = readStanding(look);
      assert.deepEqual([is, why, failed], ['rolled-back', 'nobody confirmed it within 1 s', undefined]);
      assert.deepEqual(words(done), [
        ...['try-0.0', 'try-1.0', 'back-1.0', 'back-0.0', 'resume-0.0', 'resume-1.0'],
      ]);
      assert.deepEqual(words(rest), [], 'scripts and what they keep are gone');
    });

    it('ends a step that still runs before it takes it back', () => {
      const runs = sh`echo "$$" >/run/pid
sleep 60
echo late >>/run/did`;
      const [, , , look, running] = onHost(shell, [
        kept('0.0', {}, runs),
        armScript(folder, 1),
        ended,
        lookScript(folder),
        sh`kill -0 "$(cat /run/pid)" 2>/dev/null && echo running || :`,
      ]);

      assert.equal(readStanding(look).is, 'rolled-back');
      assert.deepEqual(words(running), []);
    });

    it('takes back at once what a failing step and those before it did, with its last words', () => {
      const fails = sh`echo 'no such device'
exit 3`;
      const [, , , look, done] = onHost(shell, [
        joinScripts([kept('0.0'), kept('1.0', {}, fails), kept('2.0')]),
        armScript(folder, 60),
        ended,
        lookScript(folder),
        did,
      ]);

      assert.equal(readStanding(look).why, 'step 1.0: no such device');
      assert.deepEqual(words(done), ['try-0.0', 'back-1.0', 'back-0.0', 'resume-0.0', 'resume-1.0']);
    });

    it('tries nothing when a check says no, or when it could not be taken back', () => {
      const refusals: readonly (readonly [Partial<Trial>, string])[] = [
        [{ check: sh`echo 'line 3: syntax error'; exit 1` }, 'line 3: syntax error'],
        [{ rollback: sh`echo 'nft is missing'; exit 1` }, 'it could not be taken back: nft is missing'],
        [{ persist: sh`if then` }, 'its persist is cut short'],
      ];
      for (const [trial, why] of refusals) {
        const [, armed, done, there] = onHost(shell, [
          joinScripts([kept('0.0'), kept('1.0', trial)]),
          armScript(folder, 60),
          did,
          sh`ls /run/slab/trial`,
        ]);

        assert.deepEqual(readArmed(armed), { is: 'refused', part: '1.0', why });
        assert.deepEqual([...words(done), ...words(there)], [], 'nothing was done, nothing is kept');
      }
    });

    it('takes everything back when it cannot be stored', () => {
      const [, , , , , look, done] = onHost(shell, [
        joinScripts([kept('0.0'), kept('1.0', { persist: sh`echo 'disk full'; exit 1` })]),
        armScript(folder, 60),
        applied,
        askScript(folder, false),
        askScript(folder, true),
        lookScript(folder),
        did,
      ]);

      const { is, why } = readStanding(look);
      assert.deepEqual([is, why], ['rolled-back', 'step 1.0 cannot be stored: disk full']);
      assert.deepEqual(words(done).slice(-4), ['back-1.0', 'back-0.0', 'resume-0.0', 'resume-1.0']);
    });

    it('is not confirmed as long as its own question says no', () => {
      const [, , , , no, , yes] = onHost(shell, [
        kept('0.0', { confirm: sh`[ -e /run/well ] || { echo 'the gateway does not answer'; exit 1; }` }),
        armScript(folder, 60),
        applied,
        askScript(folder, false),
        askScript(folder, true),
        sh`: >/run/well`,
        askScript(folder, true),
      ]);

      assert.deepEqual(readStanding(no), { is: 'open', why: 'the gateway does not answer', log: '' });
      assert.equal(readStanding(yes).is, 'confirmed');
    });

    it('writes over a copy of the folder, so that nothing is stored until it is confirmed', () => {
      const write = (name: string) => {
        const path = `/etc/pam.d/${name}`;
        const step: Step = { title: `write ${path}`, risk: 'change', script: sh`echo new >${path}` };
        const [tried = step] = trialOfFile(path, wayInFile(path) ?? assert.fail(path), [step]);
        return stageScript(folder, `${name}.0`, { ...tried, trial: tried.trial ?? assert.fail(path) });
      };
      const world = sh`mount -t tmpfs etc /etc/pam.d
echo old >/etc/pam.d/one`;
      const seen = sh`cat /etc/pam.d/one /etc/pam.d/two 2>/dev/null; grep -c slab/trial /proc/self/mountinfo || :`;
      const both = joinScripts([write('one'), write('two')]);

      const [, , , , tried, , , stored] = onHost(shell, [
        ...[world, both, armScript(folder, 60), applied, seen],
        ...[askScript(folder, false), askScript(folder, true), seen],
      ]);
      const [, , , , back] = onHost(shell, [world, both, armScript(folder, 1), ended, seen]);

      assert.deepEqual(words(tried), ['new', 'new', '2']);
      assert.deepEqual(words(stored), ['new', 'new', '0']);
      assert.deepEqual(words(back), ['old', '0']);
    });
  });

describe('a trial that was taken back', function () {
  this.timeout(60_000);

  // The host looks for five seconds, so one shell will do.
  it('says what is not as it was before', () => {
    const [, , , look, rest] = onHost(
      ['dash'],
      [
        kept('0.0', { compare: sh`cat /run/did 2>/dev/null || :` }),
        armScript(folder, 1),
        ended,
        lookScript(folder),
        left,
      ],
    );

    assert.equal(readStanding(look).failed, 'step 0.0: the host is not as it was before');
    assert.deepEqual(words(rest), ['./0.0/trial'], 'what a person may need to mend it by hand stays');
  });
});
