import { checkHost } from '../engine/check-host.ts';
import { compileAsking } from '../engine/compile-asking.ts';
import type { Fleet } from '../engine/fleet.ts';
import type { ReadHost } from '../engine/read-host.ts';
import { valueToJson } from '../grains/grains-json.ts';
import type { JsonObject } from '../model/json.ts';
import { writeRecord } from '../project/recorded-grains.ts';
import { readSnapshot } from '../project/snapshot-file.ts';
import { answersToJson, createAnswers, withoutSecrets, type Known } from '../questions/index.ts';
import type { Console } from './console.ts';
import type { OpenProject } from './open-project.ts';
import { sayNotices } from './say-notices.ts';

/** What a host said, secrets excepted. */
interface HostRecord {
  readonly grains: JsonObject;
  readonly answers: JsonObject;
}

/**
 * Gathers a host's grains, and its answers to whatever its states and pillar ask. What holds a secret is left out, and said.
 * Mistakes in the states are for `slab check` to tell.
 * @throws TransportError as the session does.
 */
export async function gatherRecord(
  { host, grains, session }: ReadHost,
  project: OpenProject,
  { console, fleet }: { readonly console: Console; readonly fleet: Fleet },
): Promise<HostRecord> {
  const answers = createAnswers();
  await compileAsking({ session, answers, emit: sayNotices(console), fleet }, (known, others) => {
    console.redactor.add(...checkHost(host, project.compiler, { grains, answers: known, others }).secrets);
  });
  const keep = (all: Known, what: string): Known => {
    const kept = withoutSecrets(all, (text) => console.redactor.touches(text));
    const left = all.size - kept.size;
    if (left > 0)
      console.say(`${host.name}: ${left} of ${all.size} ${what} hold secrets and are not recorded`);
    return kept;
  };
  const named = new Map(
    [...grains].flatMap(([name, value]) => (typeof name === 'string' ? [[name, value] as const] : [])),
  );
  return {
    grains: valueToJson(new Map(keep(named, 'grains'))) as JsonObject,
    answers: answersToJson(keep(answers.known(), 'answers')) as JsonObject,
  };
}

/** Keeps in `.slab` what a host said, for this checkout. @throws TransportError as the session does. */
export async function recordHost(
  read: ReadHost,
  project: OpenProject,
  context: { readonly console: Console; readonly fleet: Fleet },
): Promise<void> {
  const place = { directory: project.directory, environment: project.files.name, host: read.host.name };
  const said = await gatherRecord(read, project, context);
  writeRecord('grains', place, said.grains);
  writeRecord('answers', place, said.answers);
  if (readSnapshot(project.files.folder, read.host.name) !== undefined)
    context.console.say(
      `${read.host.name}: slab compiles with its snapshot in the project, not with this record`,
    );
}
