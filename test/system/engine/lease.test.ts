import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'mocha';
import { readUnlocked, unlockScript } from '../../../lib/engine/locks.ts';
import { readOpening, readTakenOver } from '../../../lib/engine/opening.ts';
import { buildProgram } from '../../../lib/engine/program.ts';
import type { SectionResult } from '../../../lib/model/script.ts';
import { predictHost } from '../../../lib/plan/predict.ts';
import { examinedOf } from '../../support/planning.ts';
import { SHELLS } from '../../support/run-program.ts';

const MARK = '@@@';

/** A program of one state whose step is this text, as a whole. */
function programOf(run: string, step: string, leaseSeconds = 60): string {
  const program = buildProgram(predictHost([examinedOf({ name: 'a', wants: '1', script: step })]), {
    ...{ run, who: `anna, run ${run}`, leaseSeconds, conditions: new Map() },
  });
  return [program.open, ...program.sections, program.close]
    .map(({ name, script }) => `echo '${MARK}${run}.${name}'\n${script.text}\n`)
    .join('');
}

/** What is printed below each mark, by sections, on a host of its own where these texts run one after the other. */
function onHost(shell: readonly string[], text: string): (section: string) => SectionResult {
  const setUp = `mount -t tmpfs run /run && mkdir -p /run/slab && exec ${shell.join(' ')} -s`;
  const ran = spawnSync('unshare', ['--mount', '--pid', '--fork', '--mount-proc', 'sh', '-c', setUp], {
    input: `${text}\necho '${MARK}end'\n`,
    encoding: 'utf8',
  });
  assert.equal(ran.status, 0, `needs root and unshare(1): ${ran.stderr}`);
  const parts = ran.stdout.split(MARK).map((part) => {
    const end = part.indexOf('\n');
    return [part.slice(0, end), part.slice(end + 1)] as const;
  });
  return (section) => {
    const stdout = Buffer.from(new Map(parts).get(section) ?? 'never printed');
    return { name: section, code: 0, stdout, stderr: '', durationMs: 0 };
  };
}

/** Leaves no page free below /run, which is made small enough for that; `rm /run/full` ends it. */
const FILL = 'mount -o remount,size=1m /run; dd if=/dev/zero of=/run/full bs=4096 2>/dev/null\n';

const words = ({ stdout }: SectionResult): string => Buffer.from(stdout).toString().trim();

for (const shell of SHELLS) {
  const sh = shell.join(' ');
  /** Another shell that takes the lock, does its step, and sleeps on with the lock: its connection leads nowhere. */
  const sleeper = (run: string, step: string, leaseSeconds: number): string => {
    const text = programOf(run, step, leaseSeconds).replace(/echo '@@@\w+\.close'[^]*/, '');
    return `cat >/run/${run}.sh <<'END-OF-IT'\n${text}\necho >/run/${run}.sleeps; while :; do sleep 0.1; done\nEND-OF-IT
setsid ${sh} /run/${run}.sh >/run/${run}.said 2>&1 </dev/null &
until [ -s /run/slab/lease ]; do sleep 0.05; done\n`;
  };
  const asleep = (run: string) => `until [ -e /run/${run}.sleeps ]; do sleep 0.05; done\n`;

  describe(`the lock of a host under ${sh}`, function () {
    this.timeout(30_000);

    it('is refused to a second run, with who holds it, for how long, and when it ends', () => {
      const host = onHost(
        shell,
        `${sleeper('r1', 'true', 60)}${asleep('r1')}${programOf('r2', 'touch /run/did')}`,
      );

      const closed = readOpening(host('r2.open'));

      assert.equal(closed?.locked, true);
      assert.match(
        closed.reason,
        /^locked by anna, run r1 \(held for \d s, last sign of life \d s ago, it ends in (59|60) s unless renewed\)$/,
      );
      assert.match(words(host('r2.c0')), /^x stopped/);
    });

    it('is taken from a holder that gave no sign of life for its time, whose shell is ended', () => {
      const over =
        'while read -r a b </proc/uptime; [ "${a%%.*}" -le "$(sed -n 3p /run/slab/lease)" ]; do sleep 0.1; done\n';
      const gone = 'ls /proc/$(cat /run/slab/r1/shell)/fd/9 2>/dev/null || echo gone\n';
      const host = onHost(
        shell,
        `${sleeper('r1', 'true', 1)}${asleep('r1')}${over}${programOf('r2', 'touch /run/did')}echo '${MARK}look'
ls /run/did; ${gone}`,
      );

      assert.equal(readOpening(host('r2.open')), undefined);
      assert.equal(readTakenOver(host('r2.open')), 'expired, of anna, run r1');
      assert.equal(words(host('look')), '/run/did\ngone');
    });

    it('outlives its time while a step runs, and is renewed meanwhile', () => {
      const over = 'while read -r a b </proc/uptime; [ "${a%%.*}" -le "$end" ]; do sleep 0.1; done\n';
      const host = onHost(
        shell,
        `${sleeper('r1', 'until [ -e /run/enough ]; do sleep 0.1; done', 1)}until [ -s /run/slab/r1/pid ]; do sleep 0.05; done
end=$(($(sed -n 3p /run/slab/lease) + 1))
${over}${programOf('r2', 'true')}touch /run/enough
${asleep('r1')}echo '${MARK}look'
[ "$(sed -n 3p /run/slab/lease)" -gt "$end" ] && echo renewed; cat /run/r1.said\n`,
      );

      assert.match(
        readOpening(host('r2.open'))?.reason ?? '',
        /^locked by anna, run r1 .*a step of it runs\)$/,
      );
      assert.match(words(host('look')), /^renewed/);
    });

    it('is free at once when its holder has died, and who that was is said', () => {
      const killed = `kill -9 "$(cat /run/slab/r1/shell)"
exec 7>>/run/slab/lock; until flock -n 7; do sleep 0.05; done; exec 7>&-\n`;
      const host = onHost(
        shell,
        `${sleeper('r1', 'true', 60)}${asleep('r1')}${killed}${programOf('r2', 'true')}`,
      );

      assert.equal(readOpening(host('r2.open')), undefined);
      assert.equal(readTakenOver(host('r2.open')), 'left behind by anna, run r1');
    });

    it('stays with a run whose shell has died as long as its step runs', () => {
      const host = onHost(
        shell,
        `${sleeper('r1', 'until [ -e /run/enough ]; do sleep 0.1; done', 60)}until grep -q '[0-9]' /run/slab/r1/pid; do sleep 0.05; done
kill -9 "$(cat /run/slab/r1/shell)"
${programOf('r2', 'true')}touch /run/enough
while kill -0 "$(cat /run/slab/r1/pid)" 2>/dev/null; do sleep 0.05; done
${programOf('r3', 'true')}`,
      );

      assert.match(
        readOpening(host('r2.open'))?.reason ?? '',
        /^locked by anna, run r1 .*a step of it runs\)$/,
      );
      assert.equal(readOpening(host('r3.open')), undefined);
    });

    it('that is taken away ends the run before its next step, which says by whom and why', () => {
      const program = programOf('r1', 'touch /run/did');
      const cut = program.indexOf(`echo '${MARK}r1.c0'`);
      const host = onHost(
        shell,
        `${program.slice(0, cut)}cat >/run/unlock.sh <<'END-OF-IT'
${unlockScript('bert@desk', "it's noon").text}
END-OF-IT
${sh} /run/unlock.sh 9>&- >/run/unlock.said 2>&1 &
until [ -e /run/slab/r1/broken ]; do sleep 0.05; done
${program.slice(cut)}wait
echo '${MARK}unlock'
cat /run/unlock.said; echo '${MARK}look'; ls /run/did /run/slab/lease 2>/dev/null; cat /run/slab/unlocked\n`,
      );

      assert.equal(words(host('r1.c0')), "x lost 0 0 \nbert@desk: it's noon");
      assert.deepEqual(readUnlocked(host('unlock')), { how: 'taken', who: 'anna, run r1' });
      assert.match(words(host('look')), /^\d+ bert@desk took the lock from anna, run r1: it's noon$/);
    });

    it('that is taken away while a step runs is free when that has ended', () => {
      const host = onHost(
        shell,
        `${sleeper('r1', 'until [ -e /run/enough ]; do sleep 0.1; done', 60)}until grep -q '[0-9]' /run/slab/r1/pid; do sleep 0.05; done
echo '${MARK}unlock'
${sh} <<'END-OF-IT'
${unlockScript('bert@desk', 'now').text}
END-OF-IT
echo '${MARK}look'; touch /run/enough; ${asleep('r1')}
echo '${MARK}again'
${sh} <<'END-OF-IT'
${unlockScript('bert@desk', 'and now').text}
END-OF-IT
${programOf('r2', 'true')}`,
      );

      assert.deepEqual(readUnlocked(host('unlock')), { how: 'runs', who: 'anna, run r1' });
      assert.deepEqual(readUnlocked(host('again')), { how: 'taken', who: 'anna, run r1' });
      assert.equal(readOpening(host('r2.open')), undefined);
    });

    it('is never held by a step that nobody can be told of: where /run is full it does not begin', () => {
      const program = programOf('r1', 'touch /run/did');
      const cut = program.indexOf(`echo '${MARK}r1.c0'`);
      const host = onHost(
        shell,
        `${program.slice(0, cut)}${FILL}${program.slice(cut)}rm /run/full
${programOf('r2', 'touch /run/did.next')}echo '${MARK}look'; ls /run/did /run/did.next 2>/dev/null`,
      );

      assert.equal(
        words(host('r1.c0')),
        'f failed 0 1 \nit was not begun: /run/slab cannot be written, where others see that it runs (0 kB are free)',
      );
      assert.match(words(host('r2.c0')), /^c go 0 0/);
      assert.equal(words(host('look')), '/run/did.next');
    });

    it('is not taken away while a step runs, though /run was full by the time its number is written down', () => {
      // A function's redirection is opened before its body runs, so what was cut short has lost its page by then.
      const full = `echo() { ${FILL.trim()}; command echo "$@"; }`;
      const host = onHost(
        shell,
        `mkdir /run/bin; PATH=/run/bin:$PATH
cat >/run/bin/sh <<'END-OF-IT'
#!/bin/dash
{ echo '${full}'; cat; } >"/run/text.$$"
exec ${sh} "$@" <"/run/text.$$"
END-OF-IT
chmod +x /run/bin/sh
${sleeper('r1', ': >/run/began; until [ -e /run/enough ]; do sleep 0.1; done', 60)}until [ -e /run/began ]; do sleep 0.05; done
echo '${MARK}unlock'
${sh} <<'END-OF-IT'
${unlockScript('bert@desk', 'now').text}
END-OF-IT
echo '${MARK}look'; shell=$(cat /run/slab/r1/shell); group=$(cat /run/slab/r1/pid); ls /run/full
! kill -0 "$shell" || echo lives; ! kill -0 "\${group:-none}" || echo runs; : >/run/enough
until [ -e /run/r1.sleeps ] || ! kill -0 "$shell"; do sleep 0.05; done; wc -c </run/slab/r1/pid`,
      );

      assert.deepEqual(readUnlocked(host('unlock')), { how: 'runs', who: 'anna, run r1' });
      assert.equal(words(host('look')), '/run/full\nlives\nruns\n0');
    });
  });
}
