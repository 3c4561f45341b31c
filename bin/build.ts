import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

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

const version = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;
rmSync('dist', { recursive: true, force: true });
// One file to read at start and one for each part that is loaded late: a third of a one-host run is Node starting,
// and every module file costs about 0.4 ms more.
await build({
  entryPoints: { slab: 'bin/slab.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minify: true,
  keepNames: true,
  sourcemap: false,
  lineLimit: 200,
  external: ['*.node', 'cpu-features'],
  define: { SLAB_VERSION: JSON.stringify(version) },
  banner: {
    // What CommonJS packages (ssh2) expect to find around them.
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      "import { dirname as __pathDirname } from 'node:path';",
      'const require = __createRequire(import.meta.url);',
      'const __filename = import.meta.filename;',
      'const __dirname = __pathDirname(__filename);',
    ].join(' '),
  },
  plugins: [inlineScripts],
  logLevel: 'warning',
});
