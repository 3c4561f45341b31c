import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ConnectorSettings } from '../../lib/transport/connect.ts';
import { resolveEndpoint, type Endpoint, type Target } from '../../lib/transport/endpoint.ts';
import { parseSettings } from '../../lib/transport/ssh-config.ts';

const settings: ConnectorSettings = {
  notice: () => undefined,
  homeDirectory: '/home/anna',
  environment: { SSH_AUTH_SOCK: '/run/agent', KEYS: '/keys' },
};
const bare: Target = { shown: 'web1', address: 'web1', trustFix: 'slab trust web1' };

function resolve(
  config: string,
  target: Partial<Target> = {},
  more: Partial<ConnectorSettings> = {},
): Promise<Endpoint> {
  const said = parseSettings(config);
  const file = { settingsOf: () => Promise.resolve(said) };
  return resolveEndpoint({ ...bare, user: 'root', ...target }, file, { ...settings, ...more });
}

describe('resolveEndpoint', () => {
  it('goes by name, port 22, the usual keys and files where nobody says otherwise', async () => {
    const endpoint = await resolve('');

    assert.deepEqual(
      {
        address: endpoint.address,
        port: endpoint.port,
        user: endpoint.user,
        identityFiles: endpoint.identityFiles,
        agentSocket: endpoint.agentSocket,
        hops: endpoint.hops,
        knownHostsFiles: endpoint.knownHostsFiles,
        keyName: endpoint.keyName,
      },
      {
        address: 'web1',
        port: 22,
        user: 'root',
        identityFiles: ['/home/anna/.ssh/id_ed25519', '/home/anna/.ssh/id_ecdsa', '/home/anna/.ssh/id_rsa'],
        agentSocket: '/run/agent',
        hops: [],
        knownHostsFiles: [
          '/home/anna/.ssh/known_hosts',
          '/home/anna/.ssh/known_hosts2',
          '/etc/ssh/ssh_known_hosts',
          '/etc/ssh/ssh_known_hosts2',
        ],
        keyName: { shown: 'web1', address: 'web1', port: 22, trustFix: 'slab trust web1' },
      },
    );
  });

  it('takes ssh_config for what the inventory leaves open', async () => {
    const config =
      'hostname 10.0.0.1\nport 2222\nuser anna\nidentityfile ~/.ssh/web_%h\nidentityfile ${KEYS}/%r\nproxyjump gate\nconnecttimeout 3\nidentitiesonly yes\nhashknownhosts yes\n';

    const endpoint = await resolve(config, { port: 22 });

    assert.equal(endpoint.address, '10.0.0.1');
    assert.equal(endpoint.port, 22);
    assert.equal(endpoint.user, 'root');
    assert.deepEqual(endpoint.identityFiles, ['/home/anna/.ssh/web_10.0.0.1', '/keys/root']);
    assert.deepEqual(endpoint.hops, [{ address: 'gate', user: undefined, port: undefined }]);
    assert.equal(endpoint.connectTimeoutMs, 3000);
    assert.equal(endpoint.identitiesOnly, true);
    assert.equal(endpoint.hashKnownHosts, true);
  });

  it('lets a jump host of the inventory replace the proxy of ssh_config', async () => {
    const endpoint = await resolve('proxycommand nc %h %p\n', { proxyJump: 'none' });

    assert.equal(endpoint.proxyCommand, undefined);
    assert.deepEqual(endpoint.hops, []);
  });

  it('fills in the tokens of ProxyCommand', async () => {
    assert.equal(
      (await resolve('hostname 10.0.0.1\nproxycommand nc -l %r %h %p\n')).proxyCommand,
      'nc -l root 10.0.0.1 22',
    );
  });

  it('knows where an agent is, or that there is none to be asked', async () => {
    assert.equal((await resolve('identityagent none\n')).agentSocket, undefined);
    assert.equal((await resolve('identityagent SSH_AUTH_SOCK\n')).agentSocket, '/run/agent');
    assert.equal((await resolve('identityagent $KEYS\n')).agentSocket, '/keys');
    assert.equal((await resolve('identityagent ~/agent\n')).agentSocket, '/home/anna/agent');
  });

  it('looks for the host key under its alias, without a port', async () => {
    const { keyName } = await resolve('hostkeyalias blade7\nport 2222\n');

    assert.deepEqual([keyName.address, keyName.port], ['blade7', 22]);
  });

  it('puts the known_hosts files of the inventory first', async () => {
    const endpoint = await resolve('userknownhostsfile /a /b\nglobalknownhostsfile /c\n', {
      knownHosts: ['~/own'],
    });

    assert.deepEqual(endpoint.knownHostsFiles, ['/home/anna/own', '/a', '/b', '/c']);
  });
});
