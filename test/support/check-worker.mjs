import { register } from 'tsx/esm/api';

// Node 20 gives a thread none of the loaders of the program that started it.
register();
await import('../../lib/cli/check-worker.ts');
