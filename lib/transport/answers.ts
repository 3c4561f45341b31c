import { TransportError } from '../diagnostics/errors.ts';
import type { ExchangeListener } from '../model/ports.ts';
import type { Section, SectionResult } from '../model/script.ts';
import { deferred } from './deferred.ts';
import { frameReader } from './frame.ts';

/** What the answers of one shell need to know. */
export interface AnswerOptions {
  readonly host: string;
  readonly nonce: string;
  /** Most bytes a section may write to either stream. */
  readonly limitBytes: number;
  /** Called once, when a section writes more. */
  readonly overflow: (error: TransportError) => void;
}

/** The answers of one shell: takes its two streams, gives the results of sections in order. */
export interface Answers {
  /** The user id the shell runs as, once it runs. */
  readonly ready: Promise<string>;
  readonly stdout: (chunk: Uint8Array) => void;
  readonly stderr: (chunk: Uint8Array) => void;
  /** Waits for sections numbered from `first` on. */
  expect(
    sections: readonly Section[],
    first: number,
    listener?: ExchangeListener,
  ): Promise<readonly SectionResult[]>;
  /** Rejects everything that is waited for. */
  fail(error: TransportError): void;
  /** Whether the shell has said that it runs. */
  isReady(): boolean;
  /** The section that began and has not ended. */
  current(): string | undefined;
  /** The last of what came outside of sections: a shell's own complaints, and whatever was said before it ran. */
  noise(): string;
}

interface Exchange {
  readonly results: SectionResult[];
  readonly count: number;
  readonly listener: ExchangeListener | undefined;
  readonly resolve: (results: readonly SectionResult[]) => void;
  readonly reject: (error: TransportError) => void;
}

interface Waiting {
  readonly name: string;
  readonly number: string;
  readonly exchange: Exchange;
  readonly out: Buffer[];
  readonly err: Buffer[];
  outBytes: number;
  errBytes: number;
  startedAt: number | undefined;
  endedAt: number;
  code: number | undefined;
  errDone: boolean;
}

const noiseLimit = 8192;

/** Reads the answers of one shell; sections come in the order in which they were sent. */
export function readAnswers({ host, nonce, limitBytes, overflow }: AnswerOptions): Answers {
  const ready = deferred<string>();
  const waiting: Waiting[] = [];
  let uid: string | undefined;
  let noise = '';
  let errReady = false;
  let failed: TransportError | undefined;

  const keep = (section: Waiting, stream: 'out' | 'err', bytes: Buffer) => {
    if (failed !== undefined) return;
    const total = (section[`${stream}Bytes`] += bytes.length);
    if (total <= limitBytes) section[stream].push(bytes);
    else
      overflow(
        new TransportError('SLAB3318', `"${section.name}" on ${host} wrote more than ${limitBytes} bytes`, {
          fix: 'send what the command prints to a file, or print less',
        }),
      );
  };
  const finish = () => {
    for (let section = waiting[0]; section !== undefined; section = waiting[0]) {
      if (section.code === undefined || !section.errDone) return;
      waiting.shift();
      const result = toResult(section, section.code);
      const { exchange } = section;
      exchange.results.push(result);
      exchange.listener?.finished?.(result);
      if (exchange.results.length === exchange.count) exchange.resolve(exchange.results);
    }
  };
  // A mark that is not the one to come next is none: only this shell knows the nonce, and it counts.
  const onOut = ([kind, number, code, ...more]: readonly string[]) => {
    if (kind === 'r') {
      uid = number ?? '';
      ready.resolve(uid);
      return;
    }
    const section = waiting.find((each) => each.code === undefined);
    if (kind === 'p' && section?.startedAt !== undefined) {
      section.exchange.listener?.told?.(section.name, [number ?? '', code ?? '', ...more]);
      return;
    }
    if (section?.number !== number || section === undefined) return;
    if (kind === 'b') {
      section.startedAt = performance.now();
      section.exchange.listener?.started?.(section.name);
    } else if (kind === 'e' && section.startedAt !== undefined) {
      section.endedAt = performance.now();
      section.code = Number(code);
      finish();
    }
  };
  const onErr = ([kind, number]: readonly string[]) => {
    if (kind === 'r') {
      noise = '';
      errReady = true;
    }
    const section = waiting.find((each) => !each.errDone);
    if (kind !== 'e' || section?.number !== number || section === undefined) return;
    section.errDone = true;
    finish();
  };

  return {
    ready: ready.promise,
    stdout: frameReader(nonce, {
      data(bytes) {
        const section = waiting.find((each) => each.code === undefined);
        if (section?.startedAt !== undefined) keep(section, 'out', bytes);
        else if (uid === undefined) noise = (noise + bytes.toString('utf8')).slice(-noiseLimit);
      },
      mark: onOut,
    }),
    stderr: frameReader(nonce, {
      data(bytes) {
        const section = waiting.find((each) => !each.errDone);
        if (errReady && section !== undefined) keep(section, 'err', bytes);
        else noise = (noise + bytes.toString('utf8')).slice(-noiseLimit);
      },
      mark: onErr,
    }),
    expect(sections, first, listener) {
      const { promise, resolve, reject } = deferred<readonly SectionResult[]>();
      const exchange: Exchange = { results: [], count: sections.length, listener, resolve, reject };
      sections.forEach((section, index) => waiting.push(toWaiting(section, first + index, exchange)));
      return promise;
    },
    fail(error) {
      failed ??= error;
      ready.reject(failed);
      for (const { exchange } of waiting.splice(0)) exchange.reject(failed);
    },
    isReady: () => uid !== undefined,
    current: () => waiting.find((each) => each.startedAt !== undefined)?.name,
    noise() {
      const section = waiting.find((each) => !each.errDone);
      return section === undefined ? noise : noise + Buffer.concat(section.err.slice(-4)).toString('utf8');
    },
  };
}

function toWaiting(section: Section, number: number, exchange: Exchange): Waiting {
  return {
    name: section.name,
    number: String(number),
    exchange,
    out: [],
    err: [],
    outBytes: 0,
    errBytes: 0,
    startedAt: undefined,
    endedAt: 0,
    code: undefined,
    errDone: false,
  };
}

function toResult(section: Waiting, code: number): SectionResult {
  return {
    name: section.name,
    code,
    stdout: Buffer.concat(section.out),
    stderr: Buffer.concat(section.err).toString('utf8'),
    durationMs: section.endedAt - (section.startedAt ?? section.endedAt),
  };
}
