import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { TransportError } from '../../lib/diagnostics/errors.ts';
import { sh } from '../../lib/shell/sh.ts';
import { readAnswers } from '../../lib/transport/answers.ts';

const nonce = 'abcdef';

function reader(limitBytes = 100) {
  const overflows: TransportError[] = [];
  const answers = readAnswers({
    host: 'web1',
    nonce,
    limitBytes,
    overflow: (error) => overflows.push(error),
  });
  return {
    answers,
    overflows,
    out: (text: string) => answers.stdout(Buffer.from(text)),
    err: (text: string) => answers.stderr(Buffer.from(text)),
  };
}

const two = [
  { name: 'one', script: sh`true` },
  { name: 'two', script: sh`true` },
];

describe('readAnswers', () => {
  it('passes on what a section tells while it runs, which is no part of its output, nor of one that has not begun', async () => {
    const { answers, out, err } = reader();
    const told: string[] = [];
    const results = answers.expect(two, 0, { told: (name, words) => told.push([name, ...words].join(' ')) });

    out(
      `${nonce} r 0\n\n${nonce} p 0 proof 1 9\n\n${nonce} b 0\nhe\n${nonce} p 0 proof 4 9\nllo\n${nonce} e 0 0\n`,
    );
    out(`\n${nonce} b 1\n\n${nonce} p 0 mkfs 0 0\n\n${nonce} e 1 0\n`);
    err(`${nonce} r\n\n${nonce} e 0\n\n${nonce} e 1\n`);

    assert.deepEqual(
      (await results).map(({ stdout }) => Buffer.from(stdout).toString()),
      ['hello', ''],
    );
    assert.deepEqual(told, ['one 0 proof 4 9', 'two 0 mkfs 0 0']);
  });

  it('gives each section its output, its errors and its exit code', async () => {
    const { answers, out, err } = reader();
    const results = answers.expect(two, 0);

    out(`Welcome\n${nonce} r 0\n\n${nonce} b 0\nhello\n${nonce} e 0 3\n\n${nonce} b 1\n\n${nonce} e 1 0\n`);
    err(`motd\n${nonce} r\nbad\n${nonce} e 0\n\n${nonce} e 1\n`);

    assert.equal(await answers.ready, '0');
    assert.deepEqual(
      (await results).map(({ name, code, stdout, stderr }) => [
        name,
        code,
        Buffer.from(stdout).toString(),
        stderr,
      ]),
      [
        ['one', 3, 'hello', 'bad'],
        ['two', 0, '', ''],
      ],
    );
  });

  it('reports a section only when both streams have ended it, in order', () => {
    const { answers, out, err } = reader();
    const seen: string[] = [];
    const listener = {
      started: (name: string) => seen.push(`${name} started`),
      finished: ({ name, stderr }: { name: string; stderr: string }) =>
        seen.push(`${name} finished ${stderr}`),
    };
    void answers.expect(two, 0, listener);

    out(`\n${nonce} r 0\n\n${nonce} b 0\n\n${nonce} e 0 0\n\n${nonce} b 1\n`);
    assert.deepEqual(seen, ['one started', 'two started']);
    err(`\n${nonce} r\nlate\n${nonce} e 0\n`);

    assert.deepEqual(seen, ['one started', 'two started', 'one finished late']);
    assert.equal(answers.current(), 'two');
  });

  it('is not led astray by marks of other sections', async () => {
    const { answers, out, err } = reader();
    const results = answers.expect(two, 0);

    out(
      `\n${nonce} r 0\n\n${nonce} e 0 0\n\n${nonce} b 1\n\n${nonce} b 0\n\n${nonce} e 1 9\n\n${nonce} e 0 4\n`,
    );
    out(`\n${nonce} b 1\n\n${nonce} e 1 0\n`);
    err(`\n${nonce} r\n\n${nonce} e 1\n\n${nonce} e 0\n\n${nonce} e 1\n`);

    assert.deepEqual(
      (await results).map(({ code }) => code),
      [4, 0],
    );
  });

  it('stops at the limit, once, and names the section', () => {
    const { answers, out, overflows } = reader(4);
    answers.expect(two, 0).catch(() => undefined);

    out(`\n${nonce} r 0\n\n${nonce} b 0\n12345`);
    answers.fail(overflows[0] ?? new TransportError('SLAB3308', 'none'));
    out('67890');

    assert.deepEqual(
      overflows.map(({ code, message }) => `${code} ${message}`),
      ['SLAB3318 "one" on web1 wrote more than 4 bytes'],
    );
  });

  it('rejects everything that waits when the line fails', async () => {
    const { answers, out } = reader();
    const results = answers.expect(two, 0);
    out(`\n${nonce} r 0\n\n${nonce} b 0\n`);

    answers.fail(new TransportError('SLAB3308', 'the connection to web1 was lost'));

    await assert.rejects(results, { code: 'SLAB3308' });
  });

  it('keeps what a shell says before it runs, and in the section it died in', () => {
    const { answers, err } = reader();
    err('sudo: a password is required\n');
    assert.equal(answers.noise(), 'sudo: a password is required');

    answers.expect(two, 0).catch(() => undefined);
    err(`\n${nonce} r\nsh: 3: Syntax error: "(" unexpected\n`);

    assert.equal(answers.noise(), 'sh: 3: Syntax error: "(" unexpected');
  });
});
