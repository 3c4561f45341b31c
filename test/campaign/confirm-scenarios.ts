import assert from 'node:assert/strict';
import { eventually } from '../support/lab.ts';
import type { Project } from '../support/slab.ts';
import { afterwards, judge, look, PARTS, siteOf, type Looks, type Part, type Stage } from './confirm-host.ts';

/** Seconds that everything is on trial: the least that slab takes. */
const SECONDS = 20;

/** How a round ended, and the reason the report gave. */
export interface RoundEnd {
  readonly end: 'new' | 'old';
  readonly why: string;
}

/** Something that goes wrong, or does not. */
export interface Scenario {
  readonly name: string;
  play(stage: Stage): Promise<RoundEnd>;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const APPLY = ['apply', '-y', '--progress', 'lines', '--confirm-within', String(SECONDS)] as const;

/** A change that is well: what is tried, and what it looks like before and after. */
interface Trying {
  readonly parts: readonly Part[];
  readonly before: Looks;
  readonly after: Looks;
  readonly value: number;
  readonly project: Project;
}

async function trying(stage: Stage, { more = '' } = {}): Promise<Trying> {
  const { random } = stage;
  const some = PARTS.filter(() => random.chance(0.6));
  const chosen = some.length === 0 ? [random.pick(PARTS)] : some;
  const parts = more === '' || chosen.includes('firewall') ? chosen : [...chosen, 'firewall' as const];
  const before = await look(stage);
  const taken = new Set(Object.values(before));
  let value = 10 + random.below(80);
  while (taken.has(String(value))) value += 1;
  const project = stage.project(siteOf(parts, value, more));
  return { parts, before, value, project, after: afterwards(before, parts, value) };
}

/** Holds a report to what the host looks like. */
async function settled(stage: Stage, { before, after }: Trying, said: string): Promise<RoundEnd> {
  const end = judge(await look(stage), before, after);
  const confirmed = /confirmed over a new login/.test(said);
  const back = /the host has taken it back: (.+)/.exec(said)?.[1];
  const refused = /nothing was tried: (.+)/.exec(said)?.[1];
  assert.equal(end, confirmed ? 'new' : 'old', `the report says otherwise:\n${said}`);
  const why = confirmed ? 'confirmed' : (back ?? refused);
  assert.ok(why, `the report gives no reason:\n${said}`);
  return { end, why };
}

/** Waits until something is said, or the run is over. */
async function until(run: ReturnType<Project['start']>, words: RegExp): Promise<void> {
  const over = run.ended.then(() => true);
  while (!words.test(run.said())) if (await Promise.race([over, sleep(20).then(() => false)])) return;
}

const ON_TRIAL = /: on trial: /;

/** A run nobody heard the end of: the next one finds what it left, waits until it is decided, and says what differs. */
async function foundByNext(stage: Stage, all: Trying): Promise<RoundEnd> {
  const next = await all.project.slab('plan', '-t', stage.name, '--detailed-exitcode', '--progress', 'lines');
  const end = judge(await look(stage), all.before, all.after);
  assert.equal(next.code, end === 'new' ? 0 : 2, next.all);
  const waited = /not decided yet; waiting/.test(next.all);
  return { end, why: waited ? 'the next run found it and waited' : 'decided before the next run' };
}

/** Of a trial that is armed and not decided. */
const TRIED =
  'for each in /run/slab/trial/*; do [ ! -e $each/armed ] || [ -e $each/decided ] || echo yes; done';

/**
 * Lets the host cut the line, whatever holds it, for a while once something is on trial: a table of somebody else's then
 * lets nothing of SSH through. @returns waits until the line is whole again: logins begun meanwhile are slow
 */
async function cutLine(
  { on, name }: Stage,
  { afterMs, forMs }: { readonly afterMs: number; readonly forMs: number },
): Promise<() => Promise<void>> {
  const rules =
    'table inet cut { chain i { type filter hook input priority -50; tcp dport 22 drop; }; chain o { type filter hook output priority -50; tcp sport 22 drop; }; }';
  const script = `until [ -n "$(${TRIED})" ]; do sleep 0.05; done; sleep ${afterMs / 1000}; nft '${rules}'; sleep ${forMs / 1000}`;
  await on(
    `cat >/run/cut-line <<'END'\n${script}\nEND\nsystemd-run --quiet --collect --unit=cut-line --property='ExecStopPost=-/usr/sbin/nft delete table inet cut' sh /run/cut-line`,
  );
  return () =>
    eventually(
      `a login at ${name} when the line is whole again`,
      async () =>
        (await on('if nft list table inet cut >/dev/null 2>&1; then echo cut; else echo whole; fi')) ===
          'whole\n' && (await on('systemctl stop cut-line.service 2>/dev/null; echo done')) === 'done\n',
      120_000,
    );
}

/** A change that is well, and its line cut meanwhile. */
async function withCut(
  stage: Stage,
  all: Trying,
  cut: { readonly afterMs: number; readonly forMs: number },
): Promise<RoundEnd> {
  const whole = await cutLine(stage, cut);
  const { all: said } = await all.project.slab(...APPLY, '-t', stage.name);
  await whole();
  return settled(stage, all, said);
}

/** Makes a program of the host disappear while something is done. */
async function without<T>(stage: Stage, path: string, act: () => Promise<T>): Promise<T> {
  await stage.on(`mv ${path} ${path}.gone`);
  try {
    return await act();
  } finally {
    await stage.on(`mv ${path}.gone ${path}`);
  }
}

/** All scenarios, in the order in which they are played. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'ok',
    async play(stage) {
      const all = await trying(stage);
      const { all: said } = await all.project.slab(...APPLY, '-t', stage.name);
      const ended = await settled(stage, all, said);
      assert.equal(ended.end, 'new', said);
      return ended;
    },
  },
  {
    name: 'policy drop',
    async play(stage) {
      const established = stage.random.chance(0.5) ? 'ct state established accept;' : '';
      const all = await trying(stage, { more: `${established} tcp dport 22 drop;` });
      const { all: said } = await all.project.slab(...APPLY, '-t', stage.name);
      const ended = await settled(stage, all, said);
      assert.equal(ended.end, 'old', said);
      return ended;
    },
  },
  {
    name: 'sshd broken',
    async play(stage) {
      const before = await look(stage);
      const line = stage.random.pick([
        'AllowUsers nobody',
        'ListenAddress 192.0.2.1',
        'Port 2222',
        'UsePAM maybe',
      ]);
      const path = '/etc/ssh/sshd_config.d/20-campaign.conf';
      const project = stage.project(`${path}:\n  file.managed:\n    - contents: ${line}\n`);
      const { all: said } = await project.slab(...APPLY, '-t', stage.name);
      assert.equal(await stage.on(`ls ${path} 2>/dev/null || :`), '', said);
      const trying: Trying = { parts: [], before, after: before, value: 0, project };
      return settled(stage, trying, said);
    },
  },
  {
    name: 'sudo or PAM broken',
    async play(stage) {
      const before = await look(stage);
      const [path, line] = stage.random.pick([
        ['/etc/sudoers.d/zz-campaign', 'deploy ALL=(ALL:ALL) !ALL'],
        ['/etc/security/access.conf', '-:ALL:ALL'],
      ] as const);
      const site =
        path === '/etc/security/access.conf'
          ? `/etc/pam.d/sshd:\n  file.managed:\n    - contents: account required pam_deny.so\n`
          : `${path}:\n  file.managed:\n    - mode: '0440'\n    - contents: '${line}'\n`;
      const project = stage.project(site, 'deploy');
      const { all: said } = await project.slab(...APPLY, '-t', stage.name);
      return settled(stage, { parts: [], before, after: before, value: 0, project }, said);
    },
  },
  {
    name: 'race at the deadline',
    async play(stage) {
      const all = await trying(stage);
      // Cut at once, whole again some seconds before the host takes it back, or after that.
      const forMs = SECONDS * 1000 - 6000 + stage.random.below(6500);
      return withCut(stage, all, { afterMs: 0, forMs });
    },
  },
  {
    name: 'connection cut',
    async play(stage) {
      const all = await trying(stage);
      const [afterMs, forMs] = [stage.random.below(1500), 500 + stage.random.below(25_000)];
      return withCut(stage, all, { afterMs, forMs });
    },
  },
  {
    name: 'controller killed',
    async play(stage) {
      const all = await trying(stage);
      const run = all.project.start(...APPLY, '-t', stage.name);
      await until(run, ON_TRIAL);
      await sleep(stage.random.below(2500));
      run.kill('SIGKILL');
      await run.ended;
      return foundByNext(stage, all);
    },
  },
  {
    name: 'power cut',
    async play(stage) {
      const all = await trying(stage);
      const run = all.project.start(...APPLY, '-t', stage.name);
      await until(run, ON_TRIAL);
      await sleep(stage.random.below(2500));
      run.kill('SIGKILL');
      await stage.power();
      await run.ended;
      return foundByNext(stage, all);
    },
  },
  {
    name: '/run full',
    async play(stage) {
      const all = await trying(stage);
      const left = stage.random.below(400);
      await stage.on(
        `free=$(df -Pk /run | sed -n '$p' | tr -s ' ' | cut -d' ' -f4); head -c "$(( (free - ${left}) * 1024 ))" /dev/zero >/run/filler || :`,
      );
      try {
        const { all: said, code } = await all.project.slab(...APPLY, '-t', stage.name);
        await stage.on('rm -f /run/filler');
        const end = judge(await look(stage), all.before, all.after);
        assert.equal(end === 'new', code === 0, said);
        const why = /(nothing was tried: .+|only \d+ kB are free below \/run|No space left.*)/.exec(
          said,
        )?.[1];
        assert.ok(end === 'new' || why !== undefined, said);
        return { end, why: why ?? 'confirmed' };
      } finally {
        await stage.on('rm -f /run/filler');
      }
    },
  },
  {
    name: 'rollback rehearsed',
    async play(stage) {
      const all = await trying(stage, { more: 'tcp dport 9 drop;' });
      const { all: said } = await without(stage, '/usr/bin/umount', () =>
        all.parts.length > 1
          ? all.project.slab(...APPLY, '-t', stage.name)
          : stage.project(siteOf(['sshd', 'firewall'], all.value)).slab(...APPLY, '-t', stage.name),
      );
      const ended = await settled(stage, all, said);
      assert.match(ended.why, /could not be taken back/, said);
      return ended;
    },
  },
  {
    name: 'without systemd-run',
    async play(stage) {
      const bad = stage.random.chance(0.5);
      const all = await trying(stage, bad ? { more: 'tcp dport 22 drop;' } : {});
      const { all: said } = await without(stage, '/usr/bin/systemd-run', () =>
        all.project.slab(...APPLY, '-t', stage.name),
      );
      const ended = await settled(stage, all, said);
      assert.equal(ended.end, bad ? 'old' : 'new', said);
      return ended;
    },
  },
  {
    name: 'two at once',
    async play(stage) {
      const all = await trying(stage);
      const other = stage.project(siteOf(all.parts, all.value + 100));
      const run = all.project.start(...APPLY, '-t', stage.name);
      await sleep(stage.random.below(2000));
      const second = await other.slab(...APPLY, '-t', stage.name);
      const first = await run.ended;
      const now = await look(stage);
      const newer = afterwards(all.before, all.parts, all.value + 100);
      const is = (looks: Looks) => JSON.stringify(now) === JSON.stringify(looks);
      const end = is(newer) ? 'new' : judge(now, all.before, all.after);
      assert.equal(end, 'new', `somebody must have won:\n${first.all}\n${second.all}`);
      const last = is(newer) ? second : first;
      assert.equal(last.code, 0, `${first.all}\n${second.all}`);
      return { end, why: is(newer) ? 'the second won' : 'the first won' };
    },
  },
];
