// The floor: one Node process, one connection a host, one hand-written checking script each.
//   node node-check.mjs HOSTS_FILE CHECK_DIRECTORY KEY_FILE KNOWN_HOSTS connect|check
// HOSTS_FILE: lines of "name address port". Prints nothing when all is well; exits 1 when a host differs.
import fs from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Client } = require('ssh2');
const [hostsFile, checks, keyFile, knownHosts, what] = process.argv.slice(2);
const privateKey = fs.readFileSync(keyFile);
const known = new Set(
  fs
    .readFileSync(knownHosts, 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[2])
    .filter(Boolean),
);
const hosts = fs
  .readFileSync(hostsFile, 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

const one = ([name, host, port]) =>
  new Promise((resolve, reject) => {
    const client = new Client();
    client.on('error', reject);
    client.on('connect', () => client.setNoDelay(true));
    client.on('ready', () => {
      client.exec(what === 'connect' ? 'true' : 'sh -s', (error, channel) => {
        if (error) return reject(error);
        let text = '';
        channel.on('data', (data) => (text += data));
        channel.stderr.on('data', (data) => (text += data));
        channel.on('close', (code) => {
          client.end();
          if (code !== 0) return reject(new Error(`${name}: ${code} ${text}`));
          resolve();
        });
        channel.end(what === 'connect' ? '' : fs.readFileSync(`${checks}/${name}.check`));
      });
    });
    client.connect({
      host,
      port: Number(port),
      username: 'root',
      privateKey,
      readyTimeout: 60000,
      hostVerifier: (key) => known.has(key.toString('base64')),
      algorithms: {
        kex: ['curve25519-sha256'],
        cipher: ['aes128-gcm@openssh.com'],
        serverHostKey: ['ssh-ed25519'],
      },
    });
  });

const queue = [...hosts];
let failed = 0;
await Promise.all(
  Array.from({ length: Math.min(50, queue.length) }, async () => {
    for (let host; (host = queue.shift());) {
      try {
        await one(host);
      } catch (error) {
        failed++;
        console.log(`${host[0]} FAILED ${error.message}`);
      }
    }
  }),
);
process.exitCode = failed ? 1 : 0;
