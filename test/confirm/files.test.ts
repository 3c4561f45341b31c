import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'mocha';
import { wayInFile } from '../../lib/confirm/files.ts';
import { joinScripts, sh } from '../../lib/shell/sh.ts';

/** Runs the check of sshd's files with an sshd that says these lines, as OpenSSH 9 ends them. */
function check(shell: readonly [string, ...string[]], lines: readonly string[], code: number) {
  const check = wayInFile('/etc/ssh/sshd_config')?.check;
  assert.ok(check);
  const [command, ...args] = shell;
  const said = lines.map((line) => `${line}\r\n`).join('');
  const input = joinScripts([
    sh`sshd() { printf %s ${said} >&2; return ${String(code)}; }`,
    check,
    sh`echo goes on`,
  ]).text;
  const { status, stdout, stderr } = spawnSync(command, [...args, '-es'], { input, encoding: 'utf8' });
  return { status, said: stdout, stderr };
}

for (const shell of [['dash'], ['busybox', 'sh']] as const)
  describe(`files that decide who gets in (${shell.join(' ')})`, () => {
    it('say each line and option that sshd refuses in one line, without what ends its list', () => {
      assert.deepEqual(
        check(
          shell,
          [
            '/etc/ssh/sshd_config: line 1: Bad configuration option: Foo',
            '/etc/ssh/sshd_config: line 2: Bad configuration option: Bar',
            '/etc/ssh/sshd_config: terminating, 2 bad configuration options',
          ],
          255,
        ),
        {
          status: 1,
          said: '/etc/ssh/sshd_config: line 1: Bad configuration option: Foo; /etc/ssh/sshd_config: line 2: Bad configuration option: Bar\n',
          stderr: '',
        },
      );
    });

    it('say all that sshd says where it names no line', () => {
      assert.deepEqual(
        check(shell, ['Unable to load host key: /nope', 'sshd: no hostkeys available -- exiting.'], 1),
        {
          status: 1,
          said: 'Unable to load host key: /nope; sshd: no hostkeys available -- exiting.\n',
          stderr: '',
        },
      );
    });

    it('say that sshd refused where it says nothing', () => {
      assert.deepEqual(check(shell, [], 255), {
        status: 1,
        said: 'sshd -t ended with 255 and said nothing\n',
        stderr: '',
      });
    });

    it('pass what sshd takes', () => {
      assert.deepEqual(check(shell, [], 0), { status: 0, said: 'goes on\n', stderr: '' });
    });
  });
