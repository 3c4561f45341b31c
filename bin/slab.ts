import { main } from '../lib/cli/main.ts';

// Runs slab from its sources; the built program is started by dist/start.cjs, which the build writes.
process.exit(await main(process.argv.slice(2)));
