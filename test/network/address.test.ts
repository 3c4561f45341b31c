import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { canonicalAddress, canonicalPrefix, isWithin, networkOf } from '../../lib/network/address.ts';

describe('IP addresses', () => {
  const spellings: readonly (readonly [text: string, one: string | undefined])[] = [
    ['10.20.0.11', '10.20.0.11'],
    ['10.20.0.256', undefined],
    ['10.20.0', undefined],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::0:1', '2001:db8::1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['::', '::'],
    ['::ffff:10.1.2.3', '::ffff:a01:203'],
    ['1:2:3:4:5:6:7', undefined],
    ['1::2::3', undefined],
    ['1:2:3:4:5:6:7:8::', undefined],
    ['fe80::1%eth0', undefined],
  ];
  for (const [text, one] of spellings)
    it(`are spelt as the kernel does: ${text} is ${one ?? 'none'}`, () => {
      assert.equal(canonicalAddress(text), one);
    });

  it('have networks', () => {
    assert.equal(networkOf('10.20.3.11/22'), '10.20.0.0/22');
    assert.equal(networkOf('2001:db8:1:2::3/64'), '2001:db8:1:2::/64');
    assert.equal(networkOf('10.0.0.0/33'), undefined);
    assert.equal(canonicalPrefix('10.0.0.1'), '10.0.0.1/32');
    assert.equal(canonicalPrefix('10.0.0.1/24/24'), undefined);
    assert.ok(isWithin('10.20.3.254', '10.20.0.11/22'));
    assert.ok(!isWithin('10.20.4.1', '10.20.0.11/22'));
    assert.ok(!isWithin('::a14:1', '10.20.0.11/8'));
  });

  it('are read the same again, whatever they are', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const one = canonicalAddress(text);
        assert.ok(one !== undefined, text);
        assert.equal(canonicalAddress(one), one);
        assert.ok(isWithin(text, `${one}/${text.includes(':') ? 128 : 32}`));
      }),
    );
  });
});
