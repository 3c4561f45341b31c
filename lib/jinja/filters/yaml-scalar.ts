import { spendText } from '../python/meter.ts';

/** Which ways of writing a text as a YAML scalar are open. */
export interface ScalarForms {
  readonly empty: boolean;
  readonly multiline: boolean;
  readonly flowPlain: boolean;
  readonly blockPlain: boolean;
  readonly singleQuoted: boolean;
}

const BREAK = '\\n\\r\\x85\\u2028\\u2029';
const GAP = `[\\0 \\t${BREAK}]`;
const HAS_BREAK = new RegExp(`[${BREAK}]`);
/** What libyaml does not write as it is: control characters, NEL, everything beyond U+FFFF. */
const SPECIAL = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;
const BREAK_THEN_SPACE = new RegExp(`[${BREAK}] `);
const SPACE_THEN_BREAK = new RegExp(` [${BREAK}]`);
const EDGE_SPACE = new RegExp(`^[ ${BREAK}]|[ ${BREAK}]$`);
const BLOCK_INDICATOR = new RegExp(
  `^(?:---|\\.\\.\\.)|^[#,[\\]{}&*!|>'"%@\`]|^[?:-](?:${GAP}|$)|[\\s\\S]:(?:${GAP}|$)|${GAP}#`,
);
const FLOW_INDICATOR = new RegExp(
  `^(?:---|\\.\\.\\.)|^[#,[\\]{}&*!|>'"%@\`?:]|^-(?:${GAP}|$)|[\\s\\S][,?[\\]{}:]|${GAP}#`,
);

/** Looks at a text the way libyaml's emitter does (0.2.5), with which Salt writes YAML, before it picks a form. */
export function scalarForms(text: string): ScalarForms {
  spendText(text.length);
  if (text === '')
    return { empty: true, multiline: false, flowPlain: false, blockPlain: true, singleQuoted: true };
  const multiline = HAS_BREAK.test(text);
  const special = SPECIAL.test(text) || SPACE_THEN_BREAK.test(text);
  const breakThenSpace = BREAK_THEN_SPACE.test(text);
  const plain = !multiline && !special && !breakThenSpace && !EDGE_SPACE.test(text);
  return {
    empty: false,
    multiline,
    flowPlain: plain && !FLOW_INDICATOR.test(text),
    blockPlain: plain && !BLOCK_INDICATOR.test(text),
    singleQuoted: !special && !breakThenSpace,
  };
}

/** The plain scalars that YAML 1.1 does not read as texts: booleans, nulls, numbers, dates, `<<`, `=`. */
const TYPED = [
  /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  /^(?:~|null|Null|NULL|)$/,
  /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[\da-fA-F_]+|[1-9][0-9_]*(?::[0-5]?\d)+)$/,
  /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  /^\d{4}-\d\d-\d\d$/,
  /^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$/,
  /^(?:<<|=|!|&|\*)$/,
];

/** Whether a plain scalar of this text would be read back as this text. */
export function readsAsText(text: string): boolean {
  return !TYPED.some((pattern) => pattern.test(text));
}
