import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { createRedactor } from '../../lib/diagnostics/redact.ts';
import { secretForms } from '../../lib/diagnostics/secret-forms.ts';
import type { Event } from '../../lib/model/event.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('createRedactor', () => {
  const secret = `p@ss "w0rd"/'&`;
  const redactor = createRedactor([secret]);

  const cases: readonly (readonly [string, string])[] = [
    ['as it is', secret],
    ['in JSON', `p@ss \\"w0rd\\"/'&`],
    ['in a URL', 'p%40ss%20%22w0rd%22%2F%27%26'],
    ['in a form', "p%40ss+%22w0rd%22%2F'%26"],
    ['in lower-case percent codes', 'p%40ss%20%22w0rd%22%2f%27%26'],
    ['in single quotes of a shell', `p@ss "w0rd"/'\\''&`],
    ['in double quotes of a shell', `p@ss \\"w0rd\\"/'&`],
    ['behind backslashes', `p@ss\\ \\"w0rd\\"/\\'\\&`],
    ['in XML', `p@ss &quot;w0rd&quot;/&#39;&amp;`],
    ['in hex', '70407373202277307264222f2726'],
  ];
  for (const [title, form] of cases)
    it(`hides a secret ${title}`, () => {
      assert.equal(redactor.text(`key=${form}; next`), 'key=‹secret›; next');
    });

  for (const before of ['', 'a', 'ab', 'abc', 'user:'])
    it(`hides the base64 of a secret after ${before.length} other bytes`, () => {
      const hidden = redactor.text(base64(`${before}${secret}:end`));

      assert.match(hidden, /‹secret›/);
      for (const form of secretForms(secret)) assert.ok(!hidden.includes(form));
    });

  it('hides each long line of a secret with several lines, but not what every key begins with', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\nshort\n-----END PRIVATE KEY-----\n';

    assert.equal(
      createRedactor([key]).text('-----BEGIN PRIVATE KEY-----\n  MIIEvQIBADAN\nshort'),
      '-----BEGIN PRIVATE KEY-----\n  ‹secret›\nshort',
    );
  });

  it('hides overlapping secrets whole', () => {
    assert.equal(createRedactor(['abcdefgh', 'efghijkl']).text('-abcdefghijkl-'), '-‹secret›-');
  });

  it('ignores values under six characters', () => {
    assert.equal(createRedactor(['12345', '']).text('12345'), '12345');
  });

  it('hides secrets added later', () => {
    const late = createRedactor();
    late.add('hunter2hunter2');

    assert.equal(late.text('is hunter2hunter2'), 'is ‹secret›');
  });

  it('chooses another mask when the mask itself would show a secret', () => {
    assert.equal(createRedactor(['secret']).text('a secret'), 'a ‹hidden›');
    assert.equal(createRedactor(['secret', 'hidden']).text('a secret'), 'a ‹•••›');
  });

  it('counts what it hid', () => {
    const counting = createRedactor(['hunter2']);
    counting.text('hunter2 and hunter2');

    assert.equal(counting.hits(), 2);
  });

  it('hides in strings, numbers and keys of JSON and loses no key', () => {
    assert.deepEqual(
      createRedactor(['hunter2', 'hunter3', '123456']).deep({
        hunter2: ['is hunter2', 123456, 12, null],
        hunter3: true,
      }),
      { '‹secret›': ['is ‹secret›', '‹secret›', 12, null], '‹secret›#2': true },
    );
  });

  it('hides in events without breaking their shape', () => {
    const event: Event = {
      type: 'notice',
      level: 'warning',
      host: 'web01',
      code: 'retry',
      message: 'the password is warning',
    };

    assert.deepEqual(createRedactor(['warning', 'notice', 'message']).event(event), {
      type: 'notice',
      level: 'warning',
      host: 'web01',
      code: 'retry',
      message: 'the password is ‹secret›',
    });
  });

  it('leaves no form of any secret behind', () => {
    const value = fc.oneof(fc.string({ minLength: 6 }), fc.string({ unit: 'binary', minLength: 6 }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), fc.string(), (secrets, between) => {
        const forms = secrets.flatMap((each) => [...secretForms(each)]);
        const text = forms.join(between);

        const hidden = createRedactor(secrets).text(text);

        for (const form of forms) if (!between.includes('‹')) assert.ok(!hidden.includes(form), form);
      }),
    );
  });

  it('passes over ten megabytes against three hundred secrets without taking for ever', function () {
    this.timeout(120_000);
    const many = createRedactor(Array.from({ length: 300 }, (_, i) => `secret-value-${i * 7919}-${i}`));
    const text = 'worker_processes 4; # nothing to see here, secretly\n'.repeat(200_000);

    assert.equal(many.text(text), text);
  });
});
