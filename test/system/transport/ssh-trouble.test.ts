import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { after, before, describe, it } from 'mocha';
import type { Host } from '../../../lib/model/inventory.ts';
import { sh } from '../../../lib/shell/sh.ts';
import type { ConnectorSettings } from '../../../lib/transport/connect.ts';
import { connectorIn, firstOutput, noAbort } from './connectors.ts';
import { freePort, hostNamed, makePlace, startSshd, trust, type Place, type Sshd } from './sshd.ts';

describe('trouble on the way to a host', function () {
  this.timeout(20_000);
  let place: Place;
  let sshd: Sshd;
  let key: string;
  const servers: Server[] = [];

  before(async () => {
    place = makePlace();
    key = place.key('me');
    sshd = await startSshd(place, 'web1', { authorized: [key] });
    trust(place, sshd);
  });
  after(async () => {
    for (const server of servers) server.close();
    await place.clear();
  });

  async function open(
    fields: Partial<Host> = {},
    settings: Partial<ConnectorSettings> = {},
    signal = noAbort,
  ) {
    const { connector } = connectorIn(place, settings);
    return await connector.connect(
      hostNamed('web1', { port: sshd.port, identityFile: key, ...fields }),
      signal,
    );
  }
  /** A TCP server on loopback that treats each connection so. */
  function serve(treat: (write: (text: string) => void, end: () => void) => void): Promise<number> {
    return new Promise((resolve) => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        treat(
          (text) => socket.write(text),
          () => socket.end(),
        );
      }).listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
      servers.push(server);
    });
  }

  it('says that nothing listens', async () => {
    const port = await freePort();

    await assert.rejects(open({ port }), {
      code: 'SLAB3301',
      message: `web1 (127.0.0.1 port ${port}) refuses connections`,
      fix: 'check that sshd runs on web1 and listens on this port',
    });
  });

  it('does not wait longer than it should for a server that stays silent', async () => {
    const port = await serve(() => undefined);

    await assert.rejects(open({ port }, { connectTimeoutMs: 200 }), {
      code: 'SLAB3307',
      message: 'web1 accepted the connection and then stayed silent for 0.2 s',
    });
  });

  it('does not wait longer than it should for a server that stays silent after its greeting', async () => {
    const port = await serve((write) => write('SSH-2.0-OpenSSH_9.9\r\n'));

    await assert.rejects(open({ port }, { connectTimeoutMs: 200 }), { code: 'SLAB3307' });
  });

  it('says that a port speaks something else', async () => {
    const port = await serve((write, end) => {
      write('HTTP/1.1 400 Bad Request\r\n\r\n');
      end();
    });

    await assert.rejects(open({ port }, { connectTimeoutMs: 500 }), {
      code: 'SLAB3301',
      message: `port ${port} of web1 does not speak SSH: it says "HTTP/1.1 400 Bad Request"`,
    });
  });

  it('says that a server closed the connection at once', async () => {
    const port = await serve((_, end) => end());

    await assert.rejects(open({ port }), (error: Error & { code?: string; fix?: string }) => {
      assert.equal(error.code, 'SLAB3308');
      assert.match(error.message, /^the connection to web1 was lost during the key exchange/);
      assert.match(error.fix ?? '', /MaxStartups/);
      return true;
    });
  });

  it('says that there is no algorithm in common', async () => {
    const old = await startSshd(place, 'old', {
      authorized: [key],
      config: 'KexAlgorithms sntrup761x25519-sha512@openssh.com',
    });

    await assert.rejects(open({ port: old.port }), { code: 'SLAB3317' });
  });

  it('gives up at once when it is aborted', async () => {
    const port = await serve(() => undefined);
    const abort = new AbortController();
    const waiting = open({ port }, {}, abort.signal);

    abort.abort(new Error('Ctrl-C'));

    await assert.rejects(waiting, { message: 'Ctrl-C' });
  });

  it('reports a connection killed in the middle, and the host runs nothing after that', async () => {
    const session = await open();
    const [fifo, second] = [place.path('fifo'), place.path('second')];
    execFileSync('mkfifo', [fifo]);
    const [shell, server] = firstOutput(
      await session.exchange([{ name: 'pids', script: sh`echo $$; ps -o ppid= -p $$` }]),
    )
      .trim()
      .split(/\s+/)
      .map(Number);
    const finished: string[] = [];
    const exchange = session.exchange(
      [
        { name: 'before', script: sh`true` },
        { name: 'wait', script: sh`cat ${fifo}` },
        { name: 'second', script: sh`touch ${second}` },
      ],
      {
        finished: ({ name }) => finished.push(name),
        started: (name) => {
          if (name === 'wait') process.kill(server ?? 0, 'SIGKILL');
        },
      },
    );

    await assert.rejects(exchange, {
      code: 'SLAB3308',
      message: 'the connection to web1 was lost during "wait": the other side closed it',
      fix: 'nobody knows whether "wait" ended: run slab plan for web1 to see how it is now',
    });
    assert.deepEqual(finished, ['before']);
    await assert.rejects(session.exchange([{ name: 'more', script: sh`true` }]), { code: 'SLAB3308' });
    await assert.rejects(session.aside(sh`true`), { code: 'SLAB3308' });
    writeFileSync(fifo, 'go\n');
    while (existsSync(`/proc/${shell ?? 0}`)) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(existsSync(second), false);
    await session.close();
  });

  it('reports output that broke off while the connection stands', async () => {
    const session = await open();

    await assert.rejects(session.exchange([{ name: 'kill', script: sh`echo half; kill -9 $$` }]), {
      code: 'SLAB3309',
      message: 'the output of web1 broke off during "kill": the shell ended with signal SIGKILL',
    });
    await session.close();
  });

  it('notices a host that falls silent, by its unanswered keepalives', async () => {
    const session = await open({}, { keepaliveMs: 100, idleTimeoutMs: 400 });
    const server = Number(
      firstOutput(await session.exchange([{ name: 'pid', script: sh`ps -o ppid= -p $$` }])),
    );
    process.kill(server, 'SIGSTOP');

    const exchange = session.exchange([{ name: 'wait', script: sh`true` }]);

    await assert.rejects(exchange, {
      code: 'SLAB3307',
      message: 'web1 fell silent: no sign of life for 0.4 s',
    });
    process.kill(server, 'SIGKILL');
    await session.close();
  });

  it('leaves a host alone that works long without a word', async () => {
    const session = await open({}, { keepaliveMs: 50, idleTimeoutMs: 200 });

    const results = await session.exchange([{ name: 'long', script: sh`sleep 1; echo done` }]);

    assert.equal(firstOutput(results), 'done\n');
    await session.close();
  });

  it('ends attempts that are under way when the connector is closed', async () => {
    const port = await serve(() => undefined);
    const { connector } = connectorIn(place);
    const waiting = connector.connect(hostNamed('web1', { port, identityFile: key }), noAbort);
    const refused = assert.rejects(waiting, { code: 'SLAB3308', message: 'the connections were closed' });

    await connector.close();

    await refused;
  });

  it('closes twice, and whatever has happened', async () => {
    const session = await open();

    await session.close();
    await session.close();

    await assert.rejects(session.exchange([{ name: 'late', script: sh`true` }]), { code: 'SLAB3308' });
  });

  it('holds handshakes to the number allowed', async () => {
    const { connector } = connectorIn(place, { parallelHandshakes: 2 });
    const before = sshd.log().length;

    const sessions = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        connector.connect(hostNamed(`web${index}`, { port: sshd.port, identityFile: key }), noAbort),
      ),
    );
    const names = await Promise.all(
      sessions.map((each) => each.exchange([{ name: 'id', script: sh`id -un` }])),
    );
    await connector.close();

    assert.deepEqual([...new Set(names.map(firstOutput))], ['root\n']);
    // sshd logs a connection when it comes and a login when it is done.
    let atOnce = 0;
    let most = 0;
    for (const [, came] of sshd
      .log()
      .slice(before)
      .matchAll(/(Connection from)|Accepted publickey/g)) {
      atOnce += came === undefined ? -1 : 1;
      most = Math.max(most, atOnce);
    }
    assert.ok(most <= 2, `${most} at once`);
  });
});
