import { compileAsking } from '../engine/compile-asking.ts';
import type { Fleet } from '../engine/fleet.ts';
import { declareHost } from '../engine/declare-host.ts';
import { probesOf, readProbes } from '../engine/examine-host.ts';
import { lookDeeper } from '../engine/look-deeper.ts';
import { lookPort } from '../engine/plan-hosts.ts';
import type { ReadHost } from '../engine/read-host.ts';
import type { HostFacts } from '../disks/facts.ts';
import { listDisks, type Disk } from '../disks/identity.ts';
import { deviceOf } from '../disks/named.ts';
import { parseFacts } from '../disks/parse-facts.ts';
import { factsScript } from '../disks/scripts.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { SlabError } from '../diagnostics/errors.ts';
import type { DiskView } from '../model/disk-view.ts';
import type { Ports } from '../model/ports.ts';
import { predictHost } from '../plan/predict.ts';
import { recordsFor } from '../project/disk-ledger.ts';
import type { Console } from './console.ts';
import type { OpenProject } from './open-project.ts';

/** Kinds whose states say something of block devices. */
const STORAGE: ReadonlySet<string> = new Set([
  ...['disk', 'blockdev', 'mount', 'filesystem', 'lvm', 'raid', 'luks', 'partition'],
]);

/** The disks of a host, and what its states make of them. */
export interface HostDisks {
  readonly host: string;
  readonly facts: HostFacts;
  /** Its disks, and the partitions, volumes and arrays that a state means. */
  readonly disks: readonly Disk[];
  /** Of the disks that a state means, and of places where one is missing. */
  readonly views: readonly DiskView[];
}

/**
 * Looks at the disks of a host as a plan does, with what its states declare of them.
 * @throws SlabError when the host's answer cannot be believed.
 */
export async function readHostDisks(
  read: ReadHost,
  project: OpenProject,
  { console, fleet }: { readonly console: Console; readonly fleet: Fleet },
): Promise<HostDisks & { readonly diagnostics: readonly Diagnostic[] }> {
  const { host, session, grains } = read;
  const ports: Pick<Ports, 'emit'> = { emit: (event) => console.emit(event) };
  const records = recordsFor(project.ledger, {
    environment: project.files.name,
    host: host.name,
    now: new Date(),
  });
  const { declared, diagnostics } = await compileAsking({ session, ...ports, fleet }, (answers, others) => {
    const compiled = project.compiler.compile(host, grains, { answers, others });
    console.redactor.add(...compiled.secrets);
    const all = declareHost(compiled.found, { grains, files: compiled.files, records });
    const chunks = all.chunks.filter((chunk) => STORAGE.has(chunk.kind.name));
    return {
      declared: { ...all, chunks, conditions: new Map() },
      diagnostics: [...compiled.diagnostics, ...all.diagnostics].filter(
        ({ severity }) => severity === 'error',
      ),
    };
  });
  const probes = probesOf(declared, grains);
  const sections = probes.sections.length > 0 ? probes.sections : [{ name: 'facts', script: factsScript }];
  const results = await session.exchange(sections);
  const [answer] = results;
  const facts = answer === undefined ? undefined : parseFacts(answer);
  if (facts?.read !== true)
    throw new SlabError(
      'SLAB4101',
      `the disks of ${host.name} could not be read: ${facts?.why ?? 'no answer'}`,
    );
  const seen = await lookDeeper(readProbes(declared, probes, results), grains, lookPort(session, ports));
  const views = predictHost(seen).flatMap(({ planned }) => planned.disks ?? []);
  const disks = [...listDisks(facts.value), ...devicesOf(facts.value, views)];
  return { host: host.name, facts: facts.value, disks, views, diagnostics };
}

/** Devices that are no disk, and that a state means. */
function devicesOf(facts: HostFacts, views: readonly DiskView[]): readonly Disk[] {
  const known = new Set(listDisks(facts).map(({ block }) => block.name));
  return facts.blocks
    .filter(({ name }) => !known.has(name))
    .map((block) => deviceOf(facts, block))
    .filter(({ serial, block }) => views.some((view) => view.serial === (serial || block.name)));
}
