import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { JsonObject } from '../../lib/model/json.ts';
import type { Value } from '../../lib/model/value.ts';
import { createRedactor } from '../../lib/diagnostics/redact.ts';
import { answersFromJson, answersToJson, createAnswers, withoutSecrets } from '../../lib/questions/index.ts';

const known = (entries: Readonly<Record<string, Value>>) => new Map(Object.entries(entries));

describe('recorded answers', () => {
  it('read back as they were, with the types that Python tells apart', () => {
    const answers = known({
      text: 'x',
      whole: { float: 1 },
      big: 2n ** 70n,
      dict: new Map<Value, Value>([
        [1, ['a', null, true]],
        ['float', new Map<Value, Value>([[{ float: 0.5 }, 3]])],
      ]),
    });

    const text = JSON.stringify(answersToJson(answers));

    assert.deepEqual(answersFromJson(JSON.parse(text) as JsonObject), answers);
  });

  for (const broken of [
    { a: { dict: 1 } },
    { a: { float: 'x' } },
    { a: { int: '1.5' } },
    { a: [{ dict: [[1]] }] },
  ])
    it(`are no answers as slab writes them: ${JSON.stringify(broken)}`, () => {
      assert.equal(answersFromJson(broken), undefined);
    });

  it('leave out what holds a secret: in the question, in a list, in a key, in a number, in base64', () => {
    const secret = 'sesame77';
    const redactor = createRedactor([secret, '123456']);
    const answers = known({
      kept: 'open',
      [`cmd.run(cmd='echo ${secret}')`]: '',
      list: ['a', `b ${secret}`],
      dict: new Map<Value, Value>([[`${secret}.txt`, 1]]),
      number: 123456,
      base64: Buffer.from(secret).toString('base64'),
    });

    assert.deepEqual([...withoutSecrets(answers, (text) => redactor.touches(text)).keys()], ['kept']);
  });

  for (const [what, text] of [
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----\nabc'],
    ['a PGP key', '-----BEGIN PGP PRIVATE KEY BLOCK-----'],
    ['a line of /etc/shadow', 'root:$y$j9T$abc$def:19000::::::'],
    ['a hash of crypt', '$6$salt$hash'],
  ])
    it(`leave out ${what ?? ''}, whatever the pillar says`, () => {
      assert.equal(withoutSecrets(known({ a: text ?? '' }), () => false).size, 0);
    });

  it('are given to templates, and are what the next record is made of', () => {
    const answers = createAnswers(known({ "pkg.version(names=['bash'])": '5.2' }));

    assert.deepEqual([...answers.known()], [["pkg.version(names=['bash'])", '5.2']]);
    assert.deepEqual(answers.open(), []);
  });
});
