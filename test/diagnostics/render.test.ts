import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Diagnostic } from '../../lib/diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../../lib/diagnostics/render.ts';

const NGINX = `nginx:
  file.managed:
    - name: /etc/nginx/nginx.conf
\t- contnet: |
`;
const sources = (file: string) => (file === 'states/nginx.sls' ? NGINX : undefined);
const at = (line: number, column: number, file = 'states/nginx.sls') => ({ file, line, column });

const unknownKey: Diagnostic = {
  severity: 'error',
  code: 'SLAB2104',
  summary: 'unknown argument "contnet" of file.managed',
  source: at(4, 4),
  fix: 'did you mean "contents"?',
};

describe('renderDiagnostics', () => {
  it('writes nothing when there is nothing to say', () => {
    assert.equal(renderDiagnostics([], { sources }), '');
  });

  it('shows what, where with excerpt and caret, the near name, and a count', () => {
    assert.equal(
      renderDiagnostics([unknownKey], { sources }),
      `error[SLAB2104]: unknown argument "contnet" of file.managed
  --> states/nginx.sls:4:4
 3 |     - name: /etc/nginx/nginx.conf
 4 |     - contnet: |
   |       ^^^^^^^ did you mean "contents"?

1 error
`,
    );
  });

  it('shows related places, why, fix and hosts, folded', () => {
    const twoOwners: Diagnostic = {
      severity: 'error',
      code: 'SLAB2210',
      summary: 'two states manage file /etc/app.conf',
      related: [
        { source: at(8, 5, 'states/app.sls'), message: 'writes the whole file' },
        { source: at(3, 5, 'states/tuning.sls'), message: 'edits one line' },
      ],
      why: 'each run would undo the other',
      fix: 'move the line into states/app.sls\nor drop it',
      hosts: ['web02', 'web01'],
    };

    assert.equal(
      renderDiagnostics([twoOwners, { ...twoOwners, hosts: ['web03'] }], { sources }),
      `error[SLAB2210]: two states manage file /etc/app.conf
  --> states/app.sls:8:5     writes the whole file
  --> states/tuning.sls:3:5  edits one line
  why: each run would undo the other
  fix: move the line into states/app.sls
       or drop it
  on 3 hosts: web[01-03]

1 error
`,
    );
  });

  it('merges equal ones, errors before warnings, and says who used a file', () => {
    const missing: Diagnostic = {
      severity: 'error',
      code: 'SLAB2106',
      summary: 'salt://x is not in the state tree',
      source: { ...at(3, 1, 'b.sls'), via: [at(9, 2, 'top.sls')] },
      fix: 'add states/x',
    };
    const old: Diagnostic = { severity: 'warning', code: 'SLAB2021', summary: 'short secret' };

    assert.equal(
      renderDiagnostics([old, missing, { ...missing, source: at(1, 1, 'a.sls') }, missing], { sources }),
      `error[SLAB2106]: salt://x is not in the state tree
  --> a.sls:1:1
  and b.sls:3:1
  fix: add states/x

warning[SLAB2021]: short secret

1 error, 1 warning
`,
    );
    assert.match(renderDiagnostics([missing], { sources }), /--> b\.sls:3:1, used by top\.sls:9:2\n/);
  });

  it('gives those after the first twenty a line each, and counts what is beyond two hundred of these', () => {
    const many = (length: number) =>
      renderDiagnostics(
        Array.from({ length }, (_, i) => ({ ...unknownKey, summary: `key ${i + 10}` })),
        { sources },
      );

    const text = many(23);
    assert.equal(text.match(/^error/gm)?.length, 23);
    assert.equal(text.match(/^ {2}-->/gm)?.length, 20);
    assert.match(text, /\n\nerror\[SLAB\d+\]: key 30 --> \S+\n[^]*key 32 --> \S+\n\n23 errors\n$/);

    const beyond = many(225);
    assert.equal(beyond.match(/^error/gm)?.length, 220);
    assert.match(beyond, /\n225 errors; 5 not shown \(--json has them\): 5 errors\n$/);
  });

  it('cannot be driven by what it quotes', () => {
    const hostile = { ...unknownKey, summary: 'bad \u001b[2J', source: at(1, 1, 'x') };

    const text = renderDiagnostics([hostile], { sources: () => '\u001b]0;title\u0007' });

    assert.equal(
      text,
      `error[SLAB2104]: bad \\x1b[2J
  --> x:1:1
 1 | \\x1b]0;title\\x07
   | ^^^^ did you mean "contents"?

1 error
`,
    );
  });

  it('keeps the caret under the place in a long line', () => {
    const line = `${'a '.repeat(100)}HERE${' b'.repeat(100)}`;
    const text = renderDiagnostics([{ ...unknownKey, fix: 'type it', source: at(1, 201, 'x') }], {
      sources: () => line,
    });

    const [, , shown = '', caret = ''] = text.split('\n');
    assert.equal(shown.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1), 'HERE');
    assert.ok(shown.length < 120);
  });

  it('paints the head and the places only through what it is given', () => {
    const wrap = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
    const same = (text: string) => text;
    const paint = {
      red: wrap('r'),
      yellow: same,
      green: same,
      cyan: wrap('c'),
      dim: same,
      bold: same,
      underline: same,
    };

    assert.match(
      renderDiagnostics([unknownKey], { sources, paint }),
      /^<r>error\[SLAB2104\]<\/r>: .*\n {2}--> <c>states\/nginx\.sls:4:4<\/c>\n/,
    );
  });
});
