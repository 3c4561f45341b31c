import type { CST, Scalar } from 'yaml';

/** A scalar over several lines that is printed as it was written, moved to the indentation at hand. */
export class RawScalar {
  readonly #first: string;
  readonly #lines: readonly string[];

  /** @param lines without their indentation. */
  constructor(first: string, lines: readonly string[]) {
    this.#first = first;
    this.#lines = lines;
  }

  /** The text with every line but the first at an indentation. */
  print(indent: string): string {
    return [this.#first, ...this.#lines.map((line) => (line === '' ? '' : indent + line))].join('\n');
  }
}

/** The raw text of a parsed scalar; undefined when its indentation is counted from its parent (`|2`). */
export function rawText({ srcToken }: Scalar.Parsed): RawScalar | undefined {
  if (srcToken === undefined) return undefined;
  if (srcToken.type === 'block-scalar') {
    const head = srcToken.props
      .flatMap((token) =>
        token.type === 'block-scalar-header' || token.type === 'comment' ? [token.source.trim()] : [],
      )
      .join(' ');
    if (/^[|>][+-]?\d/.test(head)) return undefined;
    const lines = srcToken.source.replace(/\r\n?/g, '\n').split('\n');
    if (!/^[|>]\+/.test(head)) while (lines.at(-1)?.trim() === '') lines.pop();
    else if (lines.at(-1) === '') lines.pop();
    const depth = /^ */.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0].length ?? 0;
    return new RawScalar(
      head,
      lines.map((line) => line.slice(depth)),
    );
  }
  if (!isFlowScalar(srcToken)) return undefined;
  const [first = '', ...rest] = srcToken.source.replace(/\r\n?/g, '\n').split('\n');
  return new RawScalar(
    first.trimEnd(),
    rest.map((line) => line.trim()),
  );
}

function isFlowScalar(token: CST.Token): token is CST.FlowScalar {
  return ['scalar', 'single-quoted-scalar', 'double-quoted-scalar'].includes(token.type);
}
