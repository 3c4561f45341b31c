import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { withInput } from '../../lib/shell/input.ts';
import { quoteWord } from '../../lib/shell/quote.ts';
import { secret } from '../../lib/shell/secret.ts';
import { joinScripts, sh } from '../../lib/shell/sh.ts';

const SHELLS: readonly (readonly [string, ...string[]])[] = [['dash'], ['busybox', 'sh']];

function run(shell: readonly [string, ...string[]], text: string): Buffer {
  const [command, ...args] = shell;
  return execFileSync(command, [...args, '-s'], { input: text });
}

describe('sh', () => {
  it('quotes every word that means something to a shell', () => {
    assert.equal(sh`rm -- ${'a b'} ${"it's"} ${'$(id)'}`.text, `rm -- 'a b' 'it'\\''s' '$(id)'`);
  });

  it('leaves plain words readable', () => {
    assert.equal(sh`cat -- ${'/etc/hosts'}`.text, 'cat -- /etc/hosts');
  });

  it('makes one word of each element of an array', () => {
    assert.equal(sh`stat -- ${['a b', 'c']}`.text, `stat -- 'a b' c`);
  });

  it('splices scripts in as they are', () => {
    assert.equal(sh`if ${sh`test -e ${'a b'}`}; then :; fi`.text, `if test -e 'a b'; then :; fi`);
  });

  it('quotes a word that would otherwise be an assignment', () => {
    assert.equal(quoteWord('A=b'), `'A=b'`);
  });

  it('refuses what no argument can hold', () => {
    assert.throws(() => sh`echo ${'a\0b'}`, /NUL/);
    assert.throws(() => sh`echo ${'\ud800'}`, /Unicode/);
    assert.throws(() => sh`head -c ${1.5}`, /safe integer/);
  });

  it('keeps what is written in the template as it is', () => {
    assert.equal(sh`printf '%s\n' ${'x'}`.text, `printf '%s\\n' x`);
  });

  for (const shell of SHELLS) {
    it(`gives ${shell.join(' ')} back every word as it was`, function () {
      this.timeout(60_000);
      const word = fc
        .string({ unit: 'binary' })
        .filter((text) => !text.includes('\0') && text.isWellFormed());
      fc.assert(
        fc.property(fc.array(fc.array(word), { maxLength: 20 }), (lists) => {
          const script = joinScripts(lists.map((words) => sh`printf '%s\0' ${words} ${'end'}`));

          const read = run(shell, `${script.text}\n`).toString('utf8');

          assert.equal(
            read,
            lists
              .flatMap((words) => [...words, 'end'])
              .map((each) => `${each}\0`)
              .join(''),
          );
        }),
        { numRuns: 40 },
      );
    });
  }
});

describe('withInput', () => {
  it('carries text in a here-document whose end is no line of it', () => {
    assert.equal(withInput(sh`cat`, '__slab__\n').text, "cat <<'__slab_0__'\n__slab__\n__slab_0__");
  });

  for (const shell of SHELLS) {
    it(`gives a command under ${shell.join(' ')} every byte`, function () {
      this.timeout(60_000);
      const content = fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc
          .string({ unit: 'binary' })
          .filter((text) => text.isWellFormed())
          .map((text) => Buffer.from(text)),
        fc
          .array(fc.constantFrom('$HOME', '`id`', '\\', '__slab__', '\u0081', 'é', ' ', '\t'))
          .map((parts) => Buffer.from(`${parts.join('\n')}\n`)),
      );
      fc.assert(
        fc.property(content, (bytes) => {
          const read = run(shell, `${withInput(sh`cat`, bytes).text}\n`);

          assert.deepEqual([...read], [...bytes]);
        }),
        { numRuns: 60 },
      );
    });

    it(`carries more than a pipe holds under ${shell.join(' ')}`, () => {
      const text = 'line with $dollars and `ticks`\n'.repeat(20_000);

      assert.equal(run(shell, `${withInput(sh`cat`, text).text}\n`).toString('utf8'), text);
    });
  }
});

describe('secret', () => {
  it('shows itself nowhere but where it is asked for', () => {
    const hidden = secret('hunter22');

    assert.equal(String(hidden), '[redacted]');
    assert.equal(JSON.stringify({ hidden }), '{"hidden":"[redacted]"}');
    assert.equal(hidden.reveal(), 'hunter22');
  });
});
