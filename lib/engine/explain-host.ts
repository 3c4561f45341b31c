import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { valueToJson } from '../grains/grains-json.ts';
import type { Explanation, PillarExplanation } from '../model/explanation.ts';
import type { Host } from '../model/inventory.ts';
import type { Json } from '../model/json.ts';
import type { SaltOptions } from '../model/salt-options.ts';
import type { Chunk } from '../model/state.ts';
import type { Grains } from '../model/value.ts';
import type { Compiler, HostCompilation } from '../sls/api.ts';
import { explainChunk } from '../sls/explain-state.ts';
import { tracePillar } from '../sls/explain-pillar.ts';
import { hideSecrets } from '../sls/secrets.ts';
import { traverse } from '../sls/traverse.ts';
import { asWarning, type KnownHost } from './check-host.ts';
import { declareHost, noRecords } from './declare-host.ts';
import { explainMissing } from './explain-missing.ts';

/** What explaining needs. */
export interface ExplainContext {
  readonly compiler: Compiler;
  readonly known: KnownHost;
  /** Pillar keys whose values are not shown. */
  readonly secrets: readonly string[];
  /** How pillar files are merged. */
  readonly options: SaltOptions;
}

/** What was found out; nothing is explained where there is an error that says why. */
export interface Explained {
  readonly explanations: readonly Explanation[];
  readonly diagnostics: readonly Diagnostic[];
  /** Texts that must not be shown. */
  readonly secrets: readonly string[];
}

/** Explains a pillar key, a state ID or name, or an object (`file:/etc/motd`) of a host; what is all of them, as each. */
export function explainOnHost(what: string, host: Host, context: ExplainContext): Explained {
  const { grains, ...known } = context.known;
  const compiled = context.compiler.compile(host, grains, known);
  const { origin, secrets } = compiled;
  const pillar = explainPillar(what, host.name, compiled, context);
  const states = chunksOf(what, compiled, context.known.grains).map((chunk) =>
    explainChunk(host.name, chunk, { ...origin, chunks: compiled.found }),
  );
  const explanations = [...(pillar === undefined ? [] : [pillar]), ...states];
  const found = compiled.diagnostics.filter((each) => each.severity === 'error').map(asWarning);
  const broken = found.some((each) => each.severity === 'error');
  const trace = (key: string) => tracePillar(origin.layers, key, context.options);
  const missing =
    explanations.length > 0 || broken ? [] : [explainMissing(what, host.name, { compiled, trace })];
  return { explanations, diagnostics: [...found, ...missing], secrets };
}

/** Where the value under a key (`web:listen`, `servers:0:port`) came from; undefined when there is no such key. */
function explainPillar(
  key: string,
  host: string,
  { pillar, origin }: HostCompilation,
  { secrets, options }: Pick<ExplainContext, 'secrets' | 'options'>,
): PillarExplanation | undefined {
  const value = traverse(pillar, key);
  if (value === undefined) return undefined;
  const hide = (json: Json): Json => hideSecrets(json, key.split(':'), secrets);
  const writes = tracePillar(origin.layers, key, options).map((write) => ({
    ...write,
    value: hide(write.value),
  }));
  return { of: 'pillar', host, key, value: hide(valueToJson(value)), writes };
}

function chunksOf(what: string, compiled: HostCompilation, grains: Grains): readonly Chunk[] {
  const declared = declareHost(compiled.found, {
    grains,
    files: compiled.files,
    records: noRecords('', ''),
    lax: true,
  });
  const owners = new Set(
    declared.chunks
      .filter((each) => each.declared.objects.some((object) => object === what))
      .map((each) => each.chunk),
  );
  return compiled.found.filter(
    (chunk) =>
      owners.has(chunk) ||
      [chunk.id, chunk.name, `${chunk.module}:${chunk.name}`, `${chunk.module}:${chunk.id}`].includes(what),
  );
}
