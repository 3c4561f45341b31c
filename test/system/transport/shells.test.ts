import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Session } from '../../../lib/model/ports.ts';
import { scriptFile } from '../../../lib/shell/script-file.ts';
import { joinScripts, sh } from '../../../lib/shell/sh.ts';
import { withInput } from '../../../lib/shell/input.ts';
import { preludeText, sectionText } from '../../../lib/transport/frame.ts';
import { connectorIn, firstOutput, noAbort } from './connectors.ts';
import { hostNamed, makePlace, type Place } from './sshd.ts';

const nonce = '00112233445566778899aabbccddeeff';

for (const shell of ['/usr/bin/dash', '/usr/bin/bash', '/usr/bin/busybox'])
  describe(`a session with ${shell} as sh`, function () {
    this.timeout(20_000);
    let place: Place;
    let path: string;
    let counter = 0;
    const open: Session[] = [];

    before(() => {
      place = makePlace();
      const folder = place.path('bin');
      mkdirSync(folder);
      symlinkSync(shell, join(folder, 'sh'));
      path = `${folder}:${process.env['PATH'] ?? ''}`;
    });
    after(async () => {
      await Promise.all(open.map((session) => session.close()));
      await place.clear();
    });
    const fresh = (name: string) => place.path(`${name}${counter++}`);
    async function session(settings: Parameters<typeof connectorIn>[1] = {}): Promise<Session> {
      const { connector } = connectorIn(place, { environment: { PATH: path }, ...settings });
      const opened = await connector.connect(hostNamed('here', { transport: 'local' }), noAbort);
      open.push(opened);
      return opened;
    }

    it('passes on how far a step of a run is while it runs, and a section of a plan, and gives the lock back', async () => {
      const here = await session();
      const folder = place.path(`run${counter++}`);
      mkdirSync(folder);
      const told: string[] = [];
      const step = sh`echo proof 40 100 >"$slab_progress"
until [ -e ${folder}/heard ]; do sleep 0.05; done
`;

      const results = await here.exchange(
        [
          {
            name: 'step',
            inline: true,
            script: joinScripts([
              scriptFile(import.meta.url, '../../../lib/engine/runner.sh').text,
              sh`slab_dir=${folder} slab_go=go slab_changed=''
exec 9>>${folder}/lock
flock -n 9`,
              withInput(sh`slab_follow 3 slab_step 3`, step.text),
              sh`echo "$slab_go $slab_changed $slab_code $slab_progress."
exec 9>&-
flock -n ${folder}/lock echo free`,
            ]),
          },
          { name: 'look', script: sh`echo a; slab_tell 0 proof 1 2; echo b` },
        ],
        {
          told: (name, words) => {
            told.push([name, ...words].join(' '));
            writeFileSync(join(folder, 'heard'), '');
          },
        },
      );

      assert.deepEqual(told, ['step 3 proof 40 100', 'look 0 proof 1 2']);
      assert.deepEqual(
        results.map(({ stdout, stderr }) => Buffer.from(stdout).toString() + stderr),
        ['go yes 0 .\nfree\n', 'a\nb\n'],
      );
      assert.deepEqual(readdirSync(folder).sort(), ['heard', 'lock', 'out', 'pid']);
    });

    it('runs sections in order and keeps output, errors and exit codes apart', async () => {
      const here = await session();

      const results = await here.exchange([
        { name: 'one', script: sh`printf out; printf err >&2; exit 3` },
        { name: 'two', script: sh`printf '\n\nlines\n\n'` },
        { name: 'three', script: sh`kill -9 $(exec sh -c 'echo $PPID')` },
      ]);

      assert.deepEqual(
        results
          .map(({ name, code, stdout, stderr }) => [name, code, Buffer.from(stdout).toString(), stderr])
          .slice(0, 2),
        [
          ['one', 3, 'out', 'err'],
          ['two', 0, '\n\nlines\n\n', ''],
        ],
      );
      assert.equal(results[2]?.code, 137);
    });

    it('keeps functions and variables of inline sections, also for later exchanges', async () => {
      const here = await session();

      await here.exchange([
        { name: 'define', script: sh`greet() { printf 'hi %s' "$1"; }; name=web1`, inline: true },
      ]);
      const [kept] = await here.exchange([{ name: 'use', script: sh`greet "$name"; name=lost` }]);
      const [still] = await here.exchange([{ name: 'again', script: sh`printf %s "$name"` }]);

      assert.equal(Buffer.from(kept?.stdout ?? []).toString(), 'hi web1');
      assert.equal(Buffer.from(still?.stdout ?? []).toString(), 'web1');
    });

    it('gives sections nothing to read, so that none eats the program', async () => {
      const here = await session();

      const results = await here.exchange([
        { name: 'cat', script: sh`cat; read -r line || echo end` },
        { name: 'inline', script: sh`cat`, inline: true },
        { name: 'last', script: sh`echo here` },
      ]);

      assert.deepEqual(
        results.map(({ stdout }) => Buffer.from(stdout).toString()),
        ['end\n', '', 'here\n'],
      );
    });

    it('sets locale, umask, folder and PATH', async () => {
      const here = await session({ environment: { PATH: path, LANG: 'de_DE.UTF-8', CDPATH: '/tmp' } });

      const script = sh`echo "$LC_ALL $(umask) $PWD"; case ":$PATH:" in *:/usr/sbin:*) echo sbin; esac`;
      const results = await here.exchange([{ name: 'env', script }]);

      assert.equal(firstOutput(results), 'C 0077 /\nsbin\n');
    });

    it('passes any bytes and 20 MB of them', async () => {
      const here = await session();
      const bytes = Buffer.alloc(20_000_000, Buffer.from([...Array(256).keys()]));
      const file = fresh('bytes');
      writeFileSync(file, bytes);

      const [result] = await here.exchange([{ name: 'cat', script: sh`cat ${file}` }]);

      assert.ok(bytes.equals(result?.stdout ?? Buffer.alloc(0)));
    });

    it('takes a program of 3 MB', async () => {
      const here = await session();
      const content = 'a line of forty bytes, newline included\n'.repeat(75_000);

      const results = await here.exchange([{ name: 'sum', script: withInput(sh`wc -c`, content) }]);

      assert.equal(Number(firstOutput(results)), content.length);
    });

    it('stops a section that writes more than the limit', async () => {
      const here = await session({ outputLimitBytes: 100_000 });

      await assert.rejects(here.exchange([{ name: 'yes', script: sh`yes` }]), {
        code: 'SLAB3318',
        message: '"yes" on here wrote more than 100000 bytes',
      });
    });

    it('tells which section the shell died in, and stays failed', async () => {
      const here = await session();
      const finished: string[] = [];
      const program = [
        { name: 'fine', script: sh`true` },
        { name: 'deadly', script: sh`exit 7`, inline: true },
        { name: 'never', script: sh`true` },
      ];

      await assert.rejects(here.exchange(program, { finished: ({ name }) => finished.push(name) }), {
        code: 'SLAB3309',
        message: 'the output of here broke off during "deadly": the shell ended with exit code 7',
      });
      assert.deepEqual(finished, ['fine']);
      await assert.rejects(here.exchange([{ name: 'more', script: sh`true` }]), { code: 'SLAB3309' });
    });

    it('reports what the shell says of a program it cannot read', async () => {
      const here = await session();

      await assert.rejects(here.exchange([{ name: 'broken', script: sh`)` }]), (error: Error) => {
        assert.match(
          error.message,
          /^the output of here broke off: the shell ended with exit code \d+; it said: .*syntax/i,
        );
        return true;
      });
    });

    it('runs a script aside while an exchange waits for it', async () => {
      const here = await session();
      const flag = fresh('flag');
      const waiting = here.exchange([
        { name: 'wait', script: sh`until [ -e ${flag} ]; do sleep 0.05; done; echo seen` },
      ]);

      const aside = await here.aside(sh`echo > ${flag}`);

      assert.equal(aside.code, 0);
      assert.equal(firstOutput(await waiting), 'seen\n');
    });

    it('ends before the next section when the controller lets go', async () => {
      const here = await session();
      const [fifo, second] = [fresh('fifo'), fresh('second')];
      execFileSync('mkfifo', [fifo]);
      const pid = Number(firstOutput(await here.exchange([{ name: 'pid', script: sh`echo $$` }])));
      await new Promise<void>((began) => {
        const program = [
          { name: 'wait', script: sh`cat ${fifo}` },
          { name: 'second', script: sh`touch ${second}` },
        ];
        here.exchange(program, { started: () => began() }).catch(() => undefined);
      });

      await here.close();
      writeFileSync(fifo, 'go\n');
      await ended(pid);

      assert.equal(existsSync(second), false);
    });

    it('ends before the next section even where SIGPIPE is ignored', async () => {
      const [fifo, second] = [fresh('fifo'), fresh('second')];
      execFileSync('mkfifo', [fifo]);
      const child = spawn('sh', ['-c', "trap '' PIPE; exec sh"], { env: { PATH: path } });
      const started = new Promise<void>((resolve) => {
        let text = '';
        child.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          if (text.includes(`${nonce} b 0\n`)) resolve();
        });
      });
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.on('error', () => undefined);
      child.stdin.write(preludeText(nonce));
      child.stdin.write(sectionText(nonce, 0, { name: 'wait', script: sh`cat ${fifo} >/dev/null` }));
      child.stdin.write(sectionText(nonce, 1, { name: 'second', script: sh`touch ${second}` }));
      await started;

      child.stdout.destroy();
      writeFileSync(fifo, 'go\n');
      await exited;

      assert.equal(existsSync(second), false);
    });

    it('runs nothing of a section whose text was cut, wherever', () => {
      const file = fresh('cut');
      const script = sh`echo one > ${file}
cat >> ${file} <<'END'
two
END
echo three >> ${file}`;
      const prelude = preludeText(nonce);
      const text = prelude + sectionText(nonce, 0, { name: 'cut', script });
      const complete = text.trimEnd().length;

      for (let length = prelude.length; length < complete; length += 3) {
        spawnSync('sh', [], { env: { PATH: path }, input: text.slice(0, length) });
        assert.equal(existsSync(file), false, `it ran when ${length} of ${complete} characters had come`);
      }
      spawnSync('sh', [], { env: { PATH: path }, input: text });
      assert.equal(readFileSync(file, 'utf8'), 'one\ntwo\nthree\n');
    });

    it('does not let a program left behind hold up its section', async () => {
      const here = await session();

      const [result] = await here.exchange([{ name: 'leave', script: sh`sleep 30 & echo $!` }]);

      const pid = Number(Buffer.from(result?.stdout ?? []).toString());
      process.kill(pid);
      assert.ok((result?.durationMs ?? Infinity) < 5000);
    });
  });

/** Waits until a process is gone. */
async function ended(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
