import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { expandTokens, parseProxyJump, parseSettings, scanConfig } from '../../lib/transport/ssh-config.ts';

describe('parseSettings', () => {
  it('keeps every value of a keyword in order', () => {
    const settings = parseSettings(
      'user anna\nidentityfile ~/.ssh/a\nidentityfile ~/.ssh/b c\nhostname web1.example\n',
    );

    assert.deepEqual(
      [...settings],
      [
        ['user', ['anna']],
        ['identityfile', ['~/.ssh/a', '~/.ssh/b c']],
        ['hostname', ['web1.example']],
      ],
    );
  });
});

describe('scanConfig', () => {
  it('sees that the file Debian ships changes nothing', () => {
    const debian =
      '# comment\nInclude /etc/ssh/ssh_config.d/*.conf\n\nHost *\n#   Port 22\n    SendEnv LANG LC_*\n    HashKnownHosts yes\n    GSSAPIAuthentication yes\n';

    assert.deepEqual(scanConfig(debian), {
      matters: false,
      includes: ['/etc/ssh/ssh_config.d/*.conf'],
      hashKnownHosts: true,
    });
  });

  for (const line of [
    '  ProxyJump bastion',
    'user=anna',
    'Port = 2222',
    'UnheardOf yes',
    'CanonicalizeHostname yes',
  ])
    it(`asks ssh where a file says "${line.trim()}"`, () => {
      assert.equal(scanConfig(`Host *\n${line}\n`).matters, true);
    });
});

describe('parseProxyJump', () => {
  it('reads hosts with users and ports, addresses of IPv6 and URLs', () => {
    assert.deepEqual(parseProxyJump('bastion, anna@b2:2222,[fe80::1]:22,ssh://root@b3:7/'), [
      { address: 'bastion', user: undefined, port: undefined },
      { address: 'b2', user: 'anna', port: 2222 },
      { address: 'fe80::1', user: undefined, port: 22 },
      { address: 'b3', user: 'root', port: 7 },
    ]);
  });

  it('reads none as no jump host', () => {
    assert.deepEqual(parseProxyJump('none'), []);
    assert.deepEqual(parseProxyJump(''), []);
  });

  for (const text of ['a,,b', 'a:b', 'a@', ':22', 'a:1234567'])
    it(`refuses "${text}"`, () => {
      assert.equal(parseProxyJump(text), undefined);
    });
});

describe('expandTokens', () => {
  it('replaces what it knows and leaves the rest', () => {
    assert.equal(expandTokens('nc -x 100%% %h %p %Z', { h: 'web1', p: '22' }), 'nc -x 100% web1 22 %Z');
  });
});
