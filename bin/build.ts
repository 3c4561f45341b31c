import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { writeFleet } from '../test/bench/fleet.ts';

/** Puts the text of slab's own `.sh` files in the place of the call that reads them while developing. */
const inlineScripts: Plugin = {
  name: 'inline-scripts',
  setup(builder) {
    builder.onLoad({ filter: /\/lib\/.*\.ts$/ }, ({ path }) => {
      if (path.endsWith('/shell/script-file.ts')) return undefined;
      const contents = readFileSync(path, 'utf8').replace(
        /scriptFile\(import\.meta\.url, '(\.\/[^']+\.sh)'\)/g,
        (_call, file: string) =>
          `scriptText(${JSON.stringify(readFileSync(join(dirname(path), file), 'utf8'))})`,
      );
      const renamed = contents.includes('scriptText(')
        ? contents.replace(
            /import \{([^}]*)\bscriptFile\b([^}]*)\} from ('[^']*script-file\.ts')/,
            'import {$1scriptText$2} from $3',
          )
        : contents;
      return { contents: renamed, loader: 'ts' };
    });
  },
};

/** Names a thread's own bundle in the place of the source file that is its program while developing. */
const bundledThreads: Plugin = {
  name: 'bundled-threads',
  setup(builder) {
    builder.onLoad({ filter: /\/lib\/cli\/check-fleet\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        /new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)/,
        "__dirname + '/$1.cjs'",
      ),
      loader: 'ts',
    }));
  },
};

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
rmSync('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { slab: 'lib/cli/main.ts', 'check-worker': 'lib/cli/check-worker.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  // One CommonJS file: it can be started from a code cache, and parts that are loaded late stay functions not yet run.
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  // Names stay as they are written: `keepNames` would pay for each with a call whenever a function is made.
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 200,
  external: ['*.node', 'cpu-features'],
  define: { SLAB_VERSION: JSON.stringify(version) },
  plugins: [bundledThreads, inlineScripts],
  logLevel: 'warning',
  metafile: true,
});

// What Node starts as the body of a function has no import().
const late = Object.values(metafile.outputs)
  .flatMap(({ imports }) => imports)
  .filter(({ kind, external }) => kind === 'dynamic-import' && external === true);
if (late.length > 0)
  throw new Error(`import at the top of the file: ${late.map(({ path }) => path).join(', ')}`);

// Node starts it as the body of a function, which V8 keeps one byte a character while all of it is ASCII.
const bundle = readFileSync('dist/slab.cjs', 'utf8');
const strange = /[^\x00-\x7F]/.exec(bundle);
if (strange !== null)
  throw new Error(
    `write ${strange[0]} as an escape: ${bundle.slice(strange.index - 60, strange.index + 20)}`,
  );
writeFileSync('dist/slab.cjs', `(function (exports, require, module, __filename, __dirname) {${bundle}\n})`);

// Cache: what V8 made of the code during the first runs; a V8 that is not the one that wrote it takes the text instead.
const load = `'use strict';
const { readFileSync, writeFileSync } = require('node:fs');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');
const file = __dirname + '/slab.cjs';
let cachedData;
try {
  cachedData = readFileSync(__dirname + '/slab.cache');
} catch {}
const script = new Script(readFileSync(file, 'latin1'), { filename: file, ...(cachedData ? { cachedData } : {}) });
const program = { exports: {} };
script.runInThisContext().call(program.exports, program.exports, require, program, file, __dirname);
`;
// Flags: a run is over before most of its code would have paid for being optimised. On two cores the optimising compiler
// took a third of a plan's CPU from the program itself (0.46 s against 0.32 s for 400 resources), so code must run fifteen
// times as long as usual before it is optimised; a large fleet still gets there. What is young has room for 16 MB as soon
// as there is need, instead of being copied at 1, 2, 4 and 8 MB too.
// They are set once the code is there: V8 takes nothing from a cache that was written under other flags, neither from
// ours nor from the one with Node's own modules. The one loaded for them is first wanted when hosts are compiled.
// Back where bin/slab took it from: programs that slab starts find their environment as it was.
const certificates = `const { SLAB_KEPT_CA_CERTS: kept } = process.env;
if (kept !== undefined) process.env.NODE_EXTRA_CA_CERTS = kept;
delete process.env.SLAB_KEPT_CA_CERTS;
`;
writeFileSync(
  'dist/start.cjs',
  `${load}${certificates}require('node:worker_threads');
setFlagsFromString('--interrupt-budget=2000000');
setFlagsFromString('--semi-space-growth-factor=16');
// At once: connections that are still open would keep the process alive for as long as their hosts answer. Output is
// written by then, as Node writes to files, pipes and terminals synchronously (process.stdout, "A note on process I/O").
program.exports.main(process.argv.slice(2)).then((code) => process.exit(code));
`,
);
writeFileSync(
  'dist/warm.cjs',
  `${load}program.exports.main(process.argv.slice(2)).then(() => {
  writeFileSync(__dirname + '/slab.cache', script.createCachedData());
  process.exit(0);
});
`,
);
// The first runs: a plan of the example tree for this machine, which only reads, and a check of a tree written as formulas
// are, with macros, imports, loops and includes. What the one compiled is there for the other, and goes into the same cache.
const trial = mkdtempSync(join(tmpdir(), 'slab-build-'));
const run = (...command: readonly string[]): unknown =>
  execFileSync(process.execPath, ['dist/warm.cjs', ...command], { stdio: 'ignore' });
try {
  const [example, formulas] = [join(trial, 'example'), join(trial, 'formulas')];
  cpSync('states', join(example, 'states'), { recursive: true });
  cpSync('inventories/lab/pillar', join(example, 'inventories/lab/pillar'), { recursive: true });
  writeFileSync(join(example, 'inventories/lab/inventory.yaml'), 'hosts: {this: {transport: local}}\n');
  run('plan', '-C', example, '--progress', 'none');
  writeFleet(formulas, 10);
  run('check', '-C', formulas, '-i', 'different');
} finally {
  rmSync(trial, { recursive: true, force: true });
}
rmSync('dist/warm.cjs');
