import { offlineGrains } from '../../lib/cli/offline-grains.ts';
import { openProject } from '../../lib/cli/open-project.ts';

/** Compiles every host of an environment to its low state and does nothing with it. `compile-only.ts PROJECT ENVIRONMENT`. */
const [project = '.', inventory = ''] = process.argv.slice(2);
const { project: opened } = openProject({ project, inventory, states: [] });
if (opened === undefined) throw new Error('the project cannot be opened');
const grains = offlineGrains(opened);
for (const host of opened.hosts) {
  const known = grains.known(host);
  const { low } = opened.compiler.compile(host, known.grains, { answers: known.answers });
  if (low === undefined) throw new Error(`${host.name} does not compile`);
}
