import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { connect } from 'node:net';
import { InvariantError } from '../diagnostics/errors.ts';
import { foldHosts } from '../diagnostics/fold.ts';
import { forEachLimited } from '../engine/each-host.ts';
import type { Host } from '../model/inventory.ts';
import type { Ports } from '../model/ports.ts';
import type { Gate, GateCheck } from '../model/rollout.ts';
import type { Script } from '../model/script.ts';
import { ownShell } from '../shell/input.ts';
import { sh } from '../shell/sh.ts';
import { askS3 } from './ask-s3.ts';
import type { GateKeys } from './gate-keys.ts';
import { runHere, runThere } from './run-command.ts';

/** An answer that takes longer is none. */
const ANSWER_MS = 10_000;

/** Each unit by itself: `is-active` of several is content with one of them. */
const unitsScript = (units: readonly string[]): Script => sh`code=0
for unit in ${units}; do
  state=$(systemctl is-active -- "$unit") || { code=3; printf '%s is %s\n' "$unit" "$state"; }
done
exit "$code"`;

/** What gates need to ask hosts. */
export interface GateContext {
  readonly ports: Pick<Ports, 'connect'>;
  readonly signal: AbortSignal;
  readonly parallel: number;
  readonly keys: GateKeys;
  /** Plans hosts again. @returns those where something is left to do or that could not be read, with the reason. */
  readonly unconverged: (hosts: readonly Host[]) => Promise<ReadonlyMap<string, string>>;
}

/** Asks a gate about hosts, once. @returns why it is red, hosts with the same reason together; undefined when it is green. */
export async function askGate(
  { name, check }: Gate,
  hosts: readonly Host[],
  context: GateContext,
): Promise<string | undefined> {
  if (check.of === 'converged') return wordsOf(await context.unconverged(hosts));
  if (check.of === 'command' && check.on === 'controller') return runHere(check.command, context.signal);
  if (check.of === 's3' && !/\{(host|address)\}/.test(check.url)) return askBucket(check, check.url);
  const red = new Map<string, string>();
  await forEachLimited(hosts, context.parallel, async (host) => {
    const reason = await askHost(host);
    if (reason !== undefined) red.set(host.name, reason);
  });
  return wordsOf(red);

  function askHost(host: Host): Promise<string | undefined> {
    switch (check.of) {
      case 'tcp':
        return knock(host.address ?? host.name, check.port);
      case 'http':
        return fetchStatus(urlFor(host, check.url), check.expect);
      case 's3':
        return askBucket(check, urlFor(host, check.url));
      case 'units':
        return runThere(host, unitsScript(check.units), context);
      case 'command':
        return runThere(host, ownShell(check.command), context);
      case 'converged':
        return Promise.resolve(undefined);
    }
  }

  function askBucket(
    { region }: Extract<GateCheck, { readonly of: 's3' }>,
    url: string,
  ): Promise<string | undefined> {
    const credentials = context.keys.get(name);
    if (credentials === undefined) throw new InvariantError(`the keys of the gate ${name} were not read`);
    return askS3({ url, region, credentials, answerMs: ANSWER_MS });
  }
}

function urlFor(host: Host, url: string): string {
  const address = host.address ?? host.name;
  return url
    .replaceAll('{host}', host.name)
    .replaceAll('{address}', address.includes(':') ? `[${address}]` : address);
}

function wordsOf(red: ReadonlyMap<string, string>): string | undefined {
  const byReason = new Map<string, string[]>();
  for (const [host, reason] of red) byReason.set(reason, [...(byReason.get(reason) ?? []), host]);
  const words = [...byReason].map(([reason, hosts]) => `${foldHosts(hosts)}: ${reason}`);
  return words.length === 0 ? undefined : words.join('; ');
}

function knock(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (reason: string | undefined): void => {
      socket.destroy();
      resolve(reason);
    };
    socket.setTimeout(ANSWER_MS, () => end(`no answer on port ${port} within ${ANSWER_MS / 1000} s`));
    socket.on('connect', () => end(undefined));
    socket.on('error', (error) => end(`port ${port}: ${error.message}`));
  });
}

/** One request, one attempt; redirects are answers like any other. */
function fetchStatus(url: string, expect: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const get = url.startsWith('https:') ? getHttps : getHttp;
    const request = get(url, { timeout: ANSWER_MS, agent: false }, (response) => {
      response.resume();
      const { statusCode } = response;
      resolve(statusCode === expect ? undefined : `${url} answers ${statusCode ?? 'nothing'}, not ${expect}`);
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${ANSWER_MS / 1000} s`)));
    request.on('error', (error) => resolve(`${url}: ${error.message}`));
  });
}
