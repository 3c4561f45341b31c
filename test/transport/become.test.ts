import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { shellCommand, sudoRefusal } from '../../lib/transport/become.ts';

describe('shellCommand', () => {
  it('runs a plain shell for a login that is root', () => {
    assert.deepEqual(shellCommand({ method: 'none', askPassword: false }, true, 'abc'), { text: 'exec sh' });
  });

  it('forbids sudo to ask where no password was given', () => {
    assert.deepEqual(shellCommand({ method: 'sudo', askPassword: true }, false, 'abc'), {
      text: 'exec env LC_ALL=C sudo -n -- sh',
    });
  });

  it('lets sudo ask on its error stream, and the shell say that it runs', () => {
    assert.deepEqual(shellCommand({ method: 'sudo', askPassword: true }, true, 'abc'), {
      text: "exec env LC_ALL=C sudo -S -p 'abc password' -- sh -c 'echo abc running >&2; exec sh'",
      asks: { prompt: 'abc password', running: 'abc running' },
    });
  });
});

describe('sudoRefusal', () => {
  // As sudo 1.9.13 (Debian 12), 1.8 and sudo-rs 0.2 write them.
  const table: readonly (readonly [code: number, said: string, slab: string])[] = [
    [1, 'sudo: a password is required\n', 'SLAB3310'],
    [1, 'sudo: interactive authentication is required\n', 'SLAB3310'],
    [
      1,
      '\nSorry, try again.\nsudo: no password was provided\nsudo: 1 incorrect password attempt\n',
      'SLAB3311',
    ],
    [1, 'anna is not in the sudoers file.\n', 'SLAB3312'],
    [
      1,
      'anna is not in the sudoers file.\nThis incident has been reported to the administrator.\n',
      'SLAB3312',
    ],
    [1, 'anna is not in the sudoers file.  This incident will be reported.\n', 'SLAB3312'],
    [1, "Sorry, user anna is not allowed to execute '/bin/sh' as root on web1.\n", 'SLAB3312'],
    [1, 'Sorry, user anna may not run sudo on web1.\n', 'SLAB3312'],
    [1, "sudo: I'm sorry anna. I'm afraid I can't do that\n", 'SLAB3312'],
    [1, 'sudo: sorry, you must have a tty to run sudo\n', 'SLAB3313'],
    [127, 'env: ‘sudo’: No such file or directory\n', 'SLAB3314'],
    [127, 'bash: line 1: sudo: command not found\n', 'SLAB3314'],
  ];
  for (const [code, said, slab] of table)
    it(`reads ${JSON.stringify(said.trim())} as ${slab}`, () => {
      const error = sudoRefusal('web1', code, said);

      assert.equal(error?.code, slab);
      assert.match(error.message, /web1/);
      assert.ok(error.fix);
    });

  it('leaves what it does not know to others', () => {
    assert.equal(sudoRefusal('web1', 1, 'Connection closed\n'), undefined);
  });
});
