import { setFlagsFromString } from 'node:v8';

// A run is over before most of its code would have paid for being optimised: on two cores the optimising compiler took
// a third of a plan's CPU from the program itself (0.46 s against 0.32 s for 400 resources). Code must run fifteen times
// as long as usual before it is optimised; a large fleet still gets there. Unknown flags are ignored by newer engines.
setFlagsFromString('--interrupt-budget=2000000');
setFlagsFromString('--min-semi-space-size=16');

const { main } = await import('../lib/cli/main.ts');
// At once: connections that are still open would keep the process alive for as long as their hosts answer. Output is
// written by then, as Node writes to files, pipes and terminals synchronously (process.stdout, "A note on process I/O").
process.exit(await main(process.argv.slice(2)));
