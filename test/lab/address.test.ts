import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { addressIn, blockOf, candidateBlocks } from '../../lib/lab/address.ts';
import { freeNumbers, innerAddress, isLabName } from '../../lib/lab/host.ts';

describe('candidateBlocks', () => {
  it('begins where the seed says and goes on around', () => {
    const networks = candidateBlocks('systemd', 252).map(({ network }) => network);

    assert.deepEqual(networks.slice(0, 3), ['127.88.253', '127.88.254', '127.88.1']);
  });

  it('tries port 22 everywhere before port 2200', () => {
    const ports = candidateBlocks('light', 7).map(({ port }) => port);

    assert.equal(ports.length, 508);
    assert.deepEqual([ports[0], ports[253], ports[254], ports[507]], [22, 22, 2200, 2200]);
  });

  it('gives loopback addresses only, each once, whatever the seed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom('systemd' as const, 'light' as const), (seed, form) => {
        const blocks = candidateBlocks(form, seed);
        assert.equal(new Set(blocks.map(({ network, port }) => `${network} ${port}`)).size, blocks.length);
        for (const { network } of blocks)
          assert.match(network, /^127\.(88|77)\.([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-4])$/);
      }),
      { numRuns: 30 },
    );
  });
});

describe('blockOf', () => {
  it('finds the block again that an address was made in', () => {
    const address = addressIn({ network: '127.77.4', port: 2200 }, 12);

    assert.equal(address, '127.77.4.12');
    assert.deepEqual(blockOf(address, 2200), { network: '127.77.4', port: 2200 });
  });
});

describe('freeNumbers', () => {
  it('fills gaps before it goes on', () => {
    assert.deepEqual(freeNumbers([1, 3, 4], 3), [2, 5, 6]);
  });
});

describe('innerAddress', () => {
  it('keeps the first nine addresses of a network for the network', () => {
    assert.equal(innerAddress(1), '10.77.0.10');
    assert.equal(innerAddress(200, 3), '10.77.3.209');
  });
});

describe('isLabName', () => {
  it('accepts what is a host name and leaves room for a disk serial of 20 characters', () => {
    assert.deepEqual(['lab', 'web-1', 'a', 'a234567890123456'].filter(isLabName), [
      'lab',
      'web-1',
      'a',
      'a234567890123456',
    ]);
    assert.deepEqual(
      ['', '1a', 'Web', 'a_b', 'a-', '../x', 'a2345678901234567', 'a b'].filter(isLabName),
      [],
    );
  });
});
