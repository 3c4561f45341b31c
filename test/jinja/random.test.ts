import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { failure, render } from './render.ts';

describe('the filter random', () => {
  it('picks a member, the same in every rendering of the template', () => {
    const text = '{{ range(1, 90000) | random }}';

    const first = Number(render(text));

    assert.ok(first >= 1 && first < 90000, String(first));
    assert.equal(render(text), String(first));
  });

  it('picks by its place in the template', () => {
    const picked = render('{{ range(90000) | random }} {{ range(90000) | random }}').split(' ');

    assert.notEqual(picked[0], picked[1]);
  });

  it('yields an undefined value where there is nothing to pick', () => {
    assert.equal(failure('{{ [] | random }}').summary, 'No random item, sequence was empty.');
  });
});
