import { readFileSync } from 'node:fs';

import { createEngine } from '../../lib/jinja/engine.ts';

/** Renders the templates that standard input lists, in a process of its own whose memory is capped; prints codes. */
const engine = createEngine({ loader: { load: () => undefined } });
const codes = (JSON.parse(readFileSync(0, 'utf8')) as string[]).map((text) => {
  const { template } = engine.compile({ file: 'hostile.sls', text });
  const [first] = template?.render(new Map()).diagnostics ?? [];
  return first?.code ?? 'rendered';
});
process.stdout.write(JSON.stringify(codes));
