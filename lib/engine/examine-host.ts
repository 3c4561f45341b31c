import type { Json } from '../model/json.ts';
import type { Section, SectionResult } from '../model/script.ts';
import type { ChunkKey } from '../model/state.ts';
import type { Grains } from '../model/value.ts';
import type { ExaminedChunk } from '../plan/predicted.ts';
import { checksProbe, readFailingChecks } from './check-command.ts';
import { callSections, conditionsProbe, readConditionAnswers } from './conditions.ts';
import type { DeclaredChunk, DeclaredHost } from './declare-host.ts';

const CONDITIONS = 'conditions';
const CHECKS = 'checks';

/** The probes of a host, and which answer is whose: kinds that ask the same share one section. */
export interface Probes {
  readonly sections: readonly Section[];
  /** Names of sections by kind. */
  readonly answers: ReadonlyMap<string, string>;
}

/** The probes of a host: one section for each kind that asks something of its own, and one for all conditions. They only read. */
export function probesOf(host: DeclaredHost, grains: Grains): Probes {
  const sections: Section[] = [];
  const answers = new Map<string, string>();
  for (const [kind, chunks] of byKind(host.chunks)) {
    const [first] = chunks;
    if (first === undefined) continue;
    const script = first.kind.probe(
      chunks.map((each) => each.declared),
      grains,
    );
    const name = sections.find((each) => each.script.text === script.text)?.name ?? `probe.${kind}`;
    answers.set(kind, name);
    if (name === `probe.${kind}`) sections.push({ name, script });
  }
  if (host.conditions.size > 0) {
    sections.push({ name: CONDITIONS, script: conditionsProbe([...host.conditions.values()]) });
    sections.push(...callSections([...host.conditions.values()]));
  }
  if (host.checks.size > 0) sections.push({ name: CHECKS, script: checksProbe([...host.checks.values()]) });
  return { sections, answers };
}

/** What the probes saw of every chunk, in running order. A kind whose probe failed says so on each of its chunks. */
export function readProbes(
  host: DeclaredHost,
  probes: Probes,
  results: readonly SectionResult[],
): readonly ExaminedChunk[] {
  const bySection = new Map(results.map((result) => [result.name, result]));
  const observed = new Map<ChunkKey, { readonly seen: Json } | { readonly problem: string }>();
  for (const [kind, chunks] of byKind(host.chunks)) {
    const result = bySection.get(probes.answers.get(kind) ?? '');
    const [first] = chunks;
    if (result === undefined || first === undefined) continue;
    if (result.code !== 0) {
      const problem = `the probe of ${kind} ended with ${result.code}: ${result.stderr.trim().split('\n').slice(-3).join('; ')}`;
      for (const { chunk } of chunks) observed.set(chunk.key, { problem });
      continue;
    }
    const all = first.kind.observe(
      result,
      chunks.map((each) => each.declared),
    );
    chunks.forEach(({ chunk }, i) => observed.set(chunk.key, { seen: all[i] ?? null }));
  }
  const asked = [...host.conditions];
  const result = bySection.get(CONDITIONS);
  const answers =
    result === undefined
      ? []
      : readConditionAnswers(
          result,
          asked.map(([, conditions]) => conditions),
          bySection,
        );
  const answerOf = new Map(asked.map(([key], i) => [key, answers[i]]));
  const checked = bySection.get(CHECKS);
  const failing = checked === undefined ? [] : readFailingChecks(checked, [...host.checks.values()]);
  const checks = new Map(
    [...host.checks].map(([key, commands], i) => [key, { commands, failing: failing[i] }] as const),
  );
  return host.chunks.map((each) => {
    const check = checks.get(each.chunk.key);
    const settings = host.settings.get(each.chunk.key);
    const found = observed.get(each.chunk.key);
    const conditions = host.conditions.get(each.chunk.key);
    const answer = answerOf.get(each.chunk.key);
    const problem = found !== undefined && 'problem' in found ? found.problem : answer?.problems[0];
    return {
      ...each,
      observed: found !== undefined && 'seen' in found ? found.seen : null,
      ...(problem === undefined ? {} : { problem }),
      ...(conditions === undefined || answer === undefined
        ? {}
        : { conditions: { asked: conditions, answer } }),
      ...(check === undefined ? {} : { check }),
      ...(settings === undefined ? {} : { settings }),
    };
  });
}

/** Chunks by the name of their kind, each in running order. */
export function byKind<C extends Pick<DeclaredChunk, 'kind'>>(
  chunks: readonly C[],
): ReadonlyMap<string, readonly C[]> {
  const groups = new Map<string, C[]>();
  for (const each of chunks) {
    const group = groups.get(each.kind.name);
    if (group === undefined) groups.set(each.kind.name, [each]);
    else group.push(each);
  }
  return groups;
}
