import { homedir } from 'node:os';
import type { Host } from '../model/inventory.ts';
import type { Clock, Ports } from '../model/ports.ts';
import type { Secret } from '../model/script.ts';
import { createConnector, type Connector } from '../transport/connect.ts';
import { askSecret } from './ask.ts';
import type { Console } from './console.ts';
import type { OpenProject } from './open-project.ts';
import type { ReachOptions } from './options.ts';

/** The time of this machine, as the core may know it. */
export const systemTime: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

/** The way to the hosts of a project. Whatever has to be asked is asked here, before any work begins. */
export async function reachHosts(
  project: OpenProject,
  options: ReachOptions,
  console: Console,
): Promise<Connector> {
  const password =
    options.askPassword === true ? await askSecret('Login password: ', options.input) : undefined;
  const wantSudo = (host: Host) =>
    host.become.method === 'sudo' && (host.become.askPassword || options.askSudo === true);
  const sudo = project.hosts.some(wantSudo) ? await askSecret('sudo password: ', options.input) : undefined;
  const learn = (value: Secret | undefined): void => {
    if (value !== undefined) console.redactor.add(value.reveal());
  };
  learn(password);
  learn(sudo);
  return createConnector({
    notice: (notice) => console.emit({ type: 'notice', ...notice }),
    homeDirectory: homedir(),
    environment: process.env,
    credentials: {
      password: () => password,
      sudoPassword: (host) => (wantSudo(host) ? sudo : undefined),
    },
    parallelHandshakes: options.parallel,
    connectTimeoutMs: options.connectTimeout * 1000,
    findHost: (name) => project.inventory.hosts.get(name),
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
