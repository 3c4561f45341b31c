import { homedir } from 'node:os';
import type { Host } from '../model/inventory.ts';
import type { Clock, Ports } from '../model/ports.ts';
import type { Secret } from '../model/script.ts';
import { createConnector, lockedKeys, type Connector, type ConnectorSettings } from '../transport/connect.ts';
import { askSecret, canAsk } from './ask.ts';
import type { Console } from './console.ts';
import type { OpenProject } from './open-project.ts';
import type { ReachOptions } from './options.ts';

/** The time of this machine, as the core may know it. */
export const systemTime: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, signal?.aborted === true ? 0 : ms);
      signal?.addEventListener('abort', end);
    }),
};

/** The way to the hosts of a project. Whatever has to be asked is asked here, before any work begins. */
export async function reachHosts(
  project: OpenProject,
  options: ReachOptions,
  console: Console,
): Promise<Connector> {
  const ask = async (question: string): Promise<Secret> => {
    const answer = await askSecret(question, options.input);
    console.redactor.add(answer.reveal());
    return answer;
  };
  const settings: ConnectorSettings = {
    notice: (notice) => console.emit({ type: 'notice', ...notice }),
    homeDirectory: homedir(),
    environment: process.env,
    parallelHandshakes: options.parallel,
    connectTimeoutMs: options.connectTimeout * 1000,
    findHost: (name) => project.inventory.hosts.get(name),
  };
  const password = options.askPassword === true ? await ask('Login password: ') : undefined;
  const wantSudo = (host: Host) =>
    host.become.method === 'sudo' && (host.become.askPassword || options.askSudo === true);
  const sudo = project.hosts.some(wantSudo) ? await ask('sudo password: ') : undefined;
  const passphrases = new Map<string, Secret>();
  for (const file of await lockedKeys(project.hosts, settings)) {
    if (canAsk(options.input)) passphrases.set(file, await ask(`Passphrase of ${file}: `));
  }
  return createConnector({
    ...settings,
    credentials: {
      password: () => password,
      sudoPassword: (host) => (wantSudo(host) ? sudo : undefined),
      passphrase: (file) => passphrases.get(file),
    },
  });
}

/** The ports of a command that only reads: nobody is asked to approve anything. */
export function readingPorts(connector: Connector, console: Console): Ports {
  return {
    connect: (host, signal) => connector.connect(host, signal),
    emit: (event) => console.emit(event),
    approve: () => Promise.resolve(false),
    clock: systemTime,
  };
}
