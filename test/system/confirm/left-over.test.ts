import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readArmed, readStanding, readUndecided } from '../../../lib/confirm/answers.ts';
import {
  armScript,
  askScript,
  lookScript,
  trialFolder,
  undecidedScript,
} from '../../../lib/confirm/scripts.ts';
import { sh } from '../../../lib/shell/sh.ts';
import { applied, did, does, folder, HOST_SHELLS, kept, onHost, words } from '../../support/trial-host.ts';

for (const shell of HOST_SHELLS)
  describe(`trials of a host, one after the other (${shell.join(' ')}, without systemd)`, function () {
    this.timeout(60_000);

    it('are left over until they are decided; with the timer gone a person takes them back by hand', () => {
      const [none, , , , open, , dead, , after, done] = onHost(shell, [
        undecidedScript,
        kept('0.0'),
        armScript(folder, 60),
        applied,
        undecidedScript,
        sh`kill -9 "-$(cat ${folder}/sleeper)"; sleep 0.1`,
        undecidedScript,
        sh`sh ${folder}/host rollback`,
        undecidedScript,
        did,
      ]);

      assert.deepEqual(readUndecided(none), []);
      assert.deepEqual(
        readUndecided(open).map(({ id, is }) => [id, is]),
        [['r1-1', 'armed']],
      );
      assert.deepEqual(
        readUndecided(dead).map(({ is }) => is),
        ['dead'],
      );
      assert.deepEqual(readUndecided(after), []);
      assert.deepEqual(words(done), ['try-0.0', 'back-0.0', 'resume-0.0']);
    });

    it('are left over when what decided them died over it, and a person goes on by hand', () => {
      const stores = sh`kill -9 "$PPID"
exit 1`;
      const [, , , , , dead, , look] = onHost(shell, [
        kept('0.0', { persist: stores }),
        armScript(folder, 60),
        applied,
        askScript(folder, false),
        sh`(sh ${folder}/host confirm) </dev/null >/dev/null 2>&1 || :`,
        undecidedScript,
        sh`sh ${folder}/host rollback`,
        lookScript(folder),
      ]);

      assert.deepEqual(
        readUndecided(dead).map(({ id, is }) => [id, is]),
        [['r1-1', 'dead']],
      );
      assert.deepEqual(
        [readStanding(look).is, readStanding(look).why],
        ['rolled-back', 'it was taken back by hand'],
      );
    });

    it('begin only when the one before is decided', () => {
      const next = trialFolder('r1-2');
      const [, , , , early, , , , armed, there] = onHost(shell, [
        kept('0.0'),
        armScript(folder, 60),
        applied,
        kept('5.0', {}, does('try-5.0'), next),
        armScript(next, 60),
        askScript(folder, false),
        askScript(folder, true),
        kept('5.0', {}, does('try-5.0'), next),
        armScript(next, 60),
        sh`ls /run/slab/trial`,
      ]);

      assert.deepEqual(readArmed(early), {
        is: 'refused',
        why: 'another trial, r1-1, is not decided yet',
      });
      assert.deepEqual(readArmed(armed), { is: 'armed' });
      assert.deepEqual(words(there), ['r1-2']);
    });

    it('are empty when all their steps were held back, and gone after a reboot', () => {
      const [armed, asked, looked] = onHost(shell, [
        armScript(folder, 60),
        askScript(folder, true),
        lookScript(folder),
      ]);

      assert.deepEqual(readArmed(armed), { is: 'empty' });
      assert.deepEqual([readStanding(asked).is, readStanding(looked).is], ['gone', 'gone']);
    });
  });
