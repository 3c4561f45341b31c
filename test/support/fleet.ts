import { TransportError } from '../../lib/diagnostics/errors.ts';
import type { Event } from '../../lib/model/event.ts';
import type { Host } from '../../lib/model/inventory.ts';
import type { ExchangeListener, Ports, Session } from '../../lib/model/ports.ts';
import type { Section, SectionResult } from '../../lib/model/script.ts';
import type { Chunk } from '../../lib/model/state.ts';
import type { Compiler } from '../../lib/sls/api.ts';

/** A host of an inventory that nothing special is said of. */
export function hostNamed(name: string): Host {
  return {
    name,
    transport: 'ssh',
    become: { method: 'none', askPassword: false },
    kind: 'vm',
    groups: [],
    labels: new Map(),
    vars: new Map(),
    source: { file: 'inventory.yaml', line: 1, column: 1 },
  };
}

/** How a pretended host behaves. */
export interface Behaviour {
  /** Answers a section; undefined means code 0 and no output. The line drops when it throws. */
  readonly answer?: (section: Section) => Partial<SectionResult> | undefined;
  /** Refuses the connection. */
  readonly refuse?: TransportError;
}

/** Pretended hosts behind real ports, and everything that happened. */
export interface Fleet {
  readonly ports: Ports;
  readonly events: Event[];
  /** Names of the sections each host was sent. */
  readonly sent: Map<string, string[]>;
  readonly closed: string[];
  /** Scripts sent beside an exchange. */
  readonly asides: string[];
}

/** Makes hosts that answer as they are told. The clock moves one second with every look at it. */
export function fleetOf(behaviours: Readonly<Record<string, Behaviour>>): Fleet {
  const events: Event[] = [];
  const sent = new Map<string, string[]>();
  const closed: string[] = [];
  const asides: string[] = [];
  let now = 0;
  const connect = (host: Host): Promise<Session> => {
    const behaviour = behaviours[host.name] ?? {};
    if (behaviour.refuse !== undefined) return Promise.reject(behaviour.refuse);
    const names: string[] = [];
    sent.set(host.name, names);
    const result = (section: Section): SectionResult => ({
      name: section.name,
      code: 0,
      stdout: new Uint8Array(),
      stderr: '',
      durationMs: 5,
      ...behaviour.answer?.(section),
    });
    return Promise.resolve({
      host: host.name,
      exchange(sections: readonly Section[], listener?: ExchangeListener) {
        const results: SectionResult[] = [];
        for (const section of sections) {
          names.push(section.name);
          listener?.started?.(section.name);
          try {
            results.push(result(section));
          } catch (error) {
            return Promise.reject(error instanceof Error ? error : new Error(String(error)));
          }
          listener?.finished?.(results.at(-1) ?? result(section));
        }
        return Promise.resolve(results);
      },
      aside(script) {
        asides.push(script.text);
        return Promise.resolve(result({ name: 'aside', script }));
      },
      close() {
        closed.push(host.name);
        return Promise.resolve();
      },
    });
  };
  const ports: Ports = {
    connect,
    emit: (event) => void events.push(event),
    approve: () => Promise.resolve(true),
    clock: { now: () => (now += 1000), sleep: () => Promise.resolve() },
  };
  return { ports, events, sent, closed, asides };
}

/** A compiler that gives every host the same chunks. */
export function compilerOf(chunks: readonly Chunk[], secrets: readonly string[] = []): Compiler {
  return {
    compile: (host) => ({
      diagnostics: [],
      low: { host: host.name, chunks },
      found: chunks,
      pillar: new Map(),
      top: [],
      files: { read: () => undefined, near: () => [], list: () => [], render: () => undefined },
      origin: { layers: [], targets: [], roots: [] },
      lateDiagnostics: () => [],
      secrets,
      includedFrom: (diagnostic) => diagnostic,
    }),
    compilePillar: () => ({ pillar: new Map(), layers: [], diagnostics: [], decrypted: [] }),
  };
}

/** Output of a section, as the runner prints it. */
export function prints(text: string): Partial<SectionResult> {
  return { stdout: Buffer.from(text) };
}
