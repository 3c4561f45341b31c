import type { Code } from './codes.ts';

/** A refusal of the world (host, network, file system): has a code, a reason and what to do. The engine makes it an outcome. */
export class SlabError extends Error {
  readonly code: Code;
  /** Something to type, or to look at. */
  readonly fix: string | undefined;

  constructor(code: Code, message: string, options: { fix?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'SlabError';
    this.code = code;
    this.fix = options.fix;
  }
}

/** A host, or the way to it, said no. */
export class TransportError extends SlabError {
  override readonly name = 'TransportError';
}

/** A file or folder of the project, or of the run journal, said no. */
export class ProjectError extends SlabError {
  override readonly name = 'ProjectError';
}

/** slab itself is wrong. Caught only where the program starts. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}
