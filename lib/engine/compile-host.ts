import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Event } from '../model/event.ts';
import type { Host } from '../model/inventory.ts';
import type { UnreadHost } from '../model/plan.ts';
import type { Ports } from '../model/ports.ts';
import type { HostRecords } from '../model/records.ts';
import type { Dict, Grains } from '../model/value.ts';
import type { Compiler } from '../sls/api.ts';
import { compileAsking } from './compile-asking.ts';
import { declareHost, noRecords, type DeclaredHost, type Strictness } from './declare-host.ts';
import type { Fleet } from './fleet.ts';
import { reportUnread, type ReadHost } from './read-host.ts';

/** What to compile for hosts, and with what. */
export interface CompileRequest extends Strictness {
  readonly environment: string;
  readonly compiler: Compiler;
  /** SLS to compile instead of what the top file says. */
  readonly sls?: readonly string[];
  /** Learns the secret values of a host's pillar before anything of that host is shown. */
  readonly learnSecrets: (secrets: readonly string[]) => void;
  /** A target that needs grains or pillar is decided here; left out means all. */
  readonly wanted?: (host: Host, grains: Grains, pillar: Dict) => boolean;
  /** What is on record of a host; left out means nothing. */
  readonly records?: (host: Host) => HostRecords;
}

/** A host that goes on when others are known. */
export interface Held {
  readonly read: ReadHost;
  readonly wanted: readonly Host[];
}

/** What compiling a host needs besides. */
export interface CompileContext {
  /** Without `read`, a host whose templates ask for hosts that are not known yet is held. */
  readonly fleet: Pick<Fleet, 'view'> & Partial<Pick<Fleet, 'read'>>;
  readonly request: CompileRequest;
  readonly ports: Ports;
}

/** What a host's states declare. */
interface Compiled {
  /** Absent when the target does not want this host. */
  readonly declared?: DeclaredHost;
  readonly found: readonly Diagnostic[];
}

/** Compiles a host, asking it whatever its templates want to know. */
export async function compileHost(
  read: ReadHost,
  { request, ports, fleet }: CompileContext,
): Promise<Compiled | { readonly unread: UnreadHost } | { readonly held: Held }> {
  const { host, session, grains } = read;
  const { compiler, wanted, learnSecrets } = request;
  const records = request.records?.(host) ?? noRecords(request.environment, host.name);
  let view = fleet.view();
  const views = { ...fleet, view: () => (view = fleet.view()) };
  const asking = { session, emit: (event: Event) => ports.emit(event), fleet: views };
  const waits = (): boolean => fleet.read === undefined && view.wanted().length > 0;
  try {
    if (wanted !== undefined) {
      const { pillar } = await compileAsking(asking, (answers, others) =>
        compiler.compilePillar(host, grains, { answers, others }),
      );
      if (waits()) return { held: { read, wanted: view.wanted() } };
      if (!wanted(host, grains, pillar)) return { found: [] };
    }
    const compiled = await compileAsking(asking, (answers, others): Compiled => {
      const compilation = compiler.compile(host, grains, {
        answers,
        others,
        ...(request.sls === undefined ? {} : { sls: request.sls }),
      });
      const { secrets, files } = compilation;
      learnSecrets(secrets);
      const { failhard = false } = host;
      const { lax = false } = request;
      const declared = declareHost(compilation.found, { grains, files, records, failhard, lax });
      // File templates may have asked for the mine of hosts with secrets of their own.
      if (compilation.secrets.length > secrets.length) learnSecrets(compilation.secrets);
      return {
        declared,
        found: [
          ...compilation.diagnostics,
          ...declared.diagnostics.map((each) => compilation.includedFrom(each)),
          ...compilation.lateDiagnostics(),
        ],
      };
    });
    return waits() ? { held: { read, wanted: view.wanted() } } : compiled;
  } catch (error) {
    return { unread: reportUnread(host.name, error, ports) };
  }
}
