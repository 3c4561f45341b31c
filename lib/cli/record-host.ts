import { checkHost } from '../engine/check-host.ts';
import { compileAsking } from '../engine/compile-asking.ts';
import type { Fleet } from '../engine/fleet.ts';
import type { ReadHost } from '../engine/read-host.ts';
import { valueToJson } from '../grains/grains-json.ts';
import { writeRecord } from '../project/recorded-grains.ts';
import { answersToJson, createAnswers, withoutSecrets } from '../questions/index.ts';
import type { Console } from './console.ts';
import type { OpenProject } from './open-project.ts';
import { sayNotices } from './say-notices.ts';

/**
 * Keeps a host's grains, and its answers to whatever its states and pillar ask, secrets excepted. Mistakes in the states
 * are for `slab check` to tell.
 * @throws TransportError as the session does.
 */
export async function recordHost(
  read: ReadHost,
  project: OpenProject,
  { console, fleet }: { readonly console: Console; readonly fleet: Fleet },
): Promise<void> {
  const { host, grains, session } = read;
  const place = { directory: project.directory, environment: project.files.name, host: host.name };
  writeRecord('grains', place, valueToJson(grains));
  const answers = createAnswers();
  await compileAsking({ session, answers, emit: sayNotices(console), fleet }, (known, others) => {
    console.redactor.add(...checkHost(host, project.compiler, { grains, answers: known, others }).secrets);
  });
  const all = answers.known();
  const kept = withoutSecrets(all, (text) => console.redactor.touches(text));
  writeRecord('answers', place, answersToJson(kept));
  const left = all.size - kept.size;
  if (left > 0) console.say(`${host.name}: ${left} of ${all.size} answers hold secrets and are not recorded`);
}
