import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Engine } from '../jinja/api.ts';
import type { SourceRange } from '../model/source.ts';
import { mistake } from './mistake.ts';

/** What the renderings in progress would have to know of the host and do not. */
export interface Asking {
  /** Whether a rendering in progress goes on with a guess, or in spite of a mistake. */
  guessing(): boolean;
  /** A call whose answer is not known; the rendering goes on with a guess, and its result is thrown away. */
  unanswered(call: string, source: SourceRange, who?: Who): void;
  /** A rendering in progress goes on in spite of a mistake. */
  readonly mistaken: () => void;
  /** An engine whose renderings fail when they had to guess. */
  watch(engine: Engine): Engine;
}

/** Whom a call asks, and who was not asked, as a message has it. */
interface Who {
  readonly asks: string;
  readonly was: string;
}

/** Keeps account of the questions of one compiler. */
export function createAsking(): Asking {
  const open: Diagnostic[] = [];
  let depth = 0;
  let isMistaken = false;
  /** Mistakes of the innermost rendering that come of no guess. */
  let certain = 0;
  return {
    guessing: () => open.length > 0 || isMistaken,
    mistaken() {
      isMistaken = true;
      if (open.length === 0) certain += 1;
    },
    unanswered(call, source, { asks, was } = { asks: 'the host', was: 'the host was not' }) {
      open.push(
        mistake('SLAB2007', `${call} asks ${asks}, and ${was} asked`, source, {
          why: 'without the network there are recorded answers only',
          fix: 'slab plan asks; slab snapshot keeps the answers for work without the network',
        }),
      );
    },
    watch: (engine) => ({
      compile(source) {
        const compiled = engine.compile(source);
        if (compiled.template === undefined) return compiled;
        const { template } = compiled;
        return {
          template: {
            source: template.source,
            render(variables) {
              const before = { open: open.length, certain };
              certain = 0;
              depth += 1;
              const rendering = template.render(variables);
              depth -= 1;
              const found = open.slice(before.open);
              const mistakes = (rendering.diagnostics ?? []).slice(0, certain);
              certain = before.certain;
              // Templates that render this one have guessed too; the outermost one clears the account.
              if (depth === 0) {
                open.length = 0;
                isMistaken = false;
              }
              return found.length === 0 ? rendering : { diagnostics: [...mistakes, ...found] };
            },
          },
        };
      },
    }),
  };
}
