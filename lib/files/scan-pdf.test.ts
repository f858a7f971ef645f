import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scanPdf } from './scan-pdf.ts';

/** A PDF with these objects beside its page. Its table of places is not that of an honest file; readers mend that. */
function pdfWith(...objects: string[]): string {
  return `%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n${objects.join('\n')}\ntrailer\n<</Root 1 0 R>>\n%%EOF\n`;
}

function objectStream(
  content: string,
  { head = '/Type/ObjStm/N 1/First 4/Filter/FlateDecode' } = {},
): string {
  return `7 0 obj\n<<${head}>>\nstream\n${deflateSync(Buffer.from(content, 'latin1')).toString('latin1')}\nendstream\nendobj`;
}

const scan = (text: string) => scanPdf(Buffer.from(text, 'latin1'));

const plainStream = (data: string) =>
  `8 0 obj\n<</Length ${String(data.length)}>>\nstream\n${data}\nendstream\nendobj`;
const script = '<</S/JavaScript/JS(app.alert\\(1\\))>>';

describe('a PDF that can act is refused', () => {
  test.each([
    ['a script', `9 0 obj\n${script}\nendobj`],
    ['a script, its name in hexadecimals', '9 0 obj\n<</S/J#61vaScript/J#53(x)>>\nendobj'],
    ['a script, its name in capital hexadecimals', '9 0 obj\n<</S/#4AavaScript>>\nendobj'],
    ['a script by its short name alone', '9 0 obj\n<</S/Rend/JS 10 0 R>>\nendobj'],
    ['a program to be started', '9 0 obj\n<</S/Launch/F(cmd.exe)>>\nendobj'],
    ['an embedded file', '9 0 obj\n<</Type/EmbeddedFile/Length 1>>\nstream\nx\nendstream\nendobj'],
    ['a list of embedded files', '9 0 obj\n<</Names<</EmbeddedFiles 3 0 R>>>>\nendobj'],
    ['a file without a type, embedded', '9 0 obj\n<</F(a.exe)/EF<</F 10 0 R>>>>\nendobj'],
    ['a pinned file', '9 0 obj\n<</Subtype/FileAttachment>>\nendobj'],
    ['a film', '9 0 obj\n<</Subtype/RichMedia>>\nendobj'],
    ['a form that is a program', '9 0 obj\n<</AcroForm<</XFA 3 0 R>>>>\nendobj'],
    ['an object after a comment', '9 0 %\nobj<</J#53 3 0 R>>endobj'],
    ['an object in the data of another', plainStream(`9 0 obj ${script} endobj`)],
    ['an object in a string', `9 0 obj (10 0 obj <</J#53 3 0 R>> endobj) endobj`],
    ['a script in an object stream', objectStream(`9 0 ${script}`)],
    ['the same, in hexadecimals', objectStream('9 0 <</S/#4a#61vaScript>>')],
    ['the same, by its short name alone', objectStream('9 0 <</JS 3 0 R>>')],
    ['an embedded file in an object stream', objectStream('9 0 <</EF<</F 10 0 R>>>>')],
    [
      'an object stream that does not say so',
      objectStream(`9 0 ${script}`, { head: '/N 1/First 4/Filter/FlateDecode' }),
    ],
    [
      'an object stream, its keys in hexadecimals',
      objectStream(`9 0 ${script}`, { head: '/#4e 1/Firs#74 4/F#69lter[/Flate#44ecode]' }),
    ],
    ['an object stream in the data of another', plainStream(objectStream(`9 0 ${script}`))],
    [
      'an object stream after a string that looks like its end',
      objectStream(`9 0 ${script}`, {
        head: '/X(endobj >> \\) stream\n)/N 1/First 4/Filter/FlateDecode',
      }),
    ],
    [
      'an object stream without a filter',
      `7 0 obj\n<</Type/ObjStm/N 1/First 4>>\nstream\n9 0 <</JS 3 0 R>>\nendstream`,
    ],
  ])('%s', (_, object) => {
    expect(scan(pdfWith(object))).toBe('pdf-active');
  });

  test('however its name is written, wherever it stands', () => {
    const names = fc.constantFrom('JavaScript', 'Launch', 'EmbeddedFiles', 'RichMedia', 'XFA');
    const places = fc.constantFrom<(name: string) => string>(
      (name) => `9 0 obj\n<</S/${name} >>\nendobj`,
      (name) => objectStream(`9 0 <</S/${name}>>`),
      (name) => plainStream(objectStream(`9 0 <</S/${name}(x)>>`)),
    );
    const spellings = fc.array(fc.constantFrom('plain', 'small', 'capital'), {
      minLength: 13,
      maxLength: 13,
    });
    fc.assert(
      fc.property(names, places, spellings, (name, place, spelling) => {
        const written = name.replace(/./g, (letter, index: number) => {
          const code = letter.charCodeAt(0).toString(16);
          if (spelling[index] === 'plain') return letter;
          return `#${spelling[index] === 'small' ? code : code.toUpperCase()}`;
        });
        expect(scan(pdfWith(place(written)))).toBe('pdf-active');
      }),
    );
  });
});

describe('a PDF that cannot be looked into is refused', () => {
  const head = '/Type/ObjStm/N 1/First 4';
  test.each([
    ['encrypted', 'trailer <</Encrypt 5 0 R>>', 'pdf-locked'],
    ['encrypted, in hexadecimals', 'trailer <</#45ncrypt 5 0 R>>', 'pdf-locked'],
    ['another filter', objectStream('x', { head: `${head}/Filter/ASCIIHexDecode` }), 'unreadable'],
    ['two filters', objectStream('x', { head: `${head}/Filter[/FlateDecode/ASCII85Decode]` }), 'unreadable'],
    ['twice packed', objectStream('x', { head: `${head}/Filter[/FlateDecode/FlateDecode]` }), 'unreadable'],
    ['a filter that stands elsewhere', objectStream('x', { head: `${head}/Filter 5 0 R` }), 'unreadable'],
    [
      'a predictor',
      objectStream('x', { head: `${head}/Filter/FlateDecode/DecodeParms<</Predictor 12>>` }),
      'unreadable',
    ],
    ['broken data', `7 0 obj\n<<${head}/Filter/FlateDecode>>\nstream\nx\x9cnothing\nendstream`, 'unreadable'],
    ['a bomb', objectStream('\0'.repeat(40_000_000)), 'unreadable'],
    ['a bomb in pieces', objectStream('\0'.repeat(9_000_000)).concat('\n').repeat(4), 'unreadable'],
    ['objects without end', '1 0 obj ('.repeat(200_000), 'unreadable'],
  ])('%s', (_, object, why) => {
    expect(scan(pdfWith(object))).toBe(why);
  });

  test('without an end', () => {
    expect(scan('%PDF-1.4\n1 0 obj\n<<>>\nendobj\n')).toBe('unreadable');
  });
});

describe('what is something else, too, is refused', () => {
  const archiveEnd = `PK\x05\x06${'\0'.repeat(18)}`;
  test.each([
    ['a page of the web before it', `<html><script>alert(1)</script>${pdfWith()}`],
    ['anything before it', `\n${pdfWith()}`],
    ['an archive behind it', pdfWith() + archiveEnd],
    ['an archive around its end', `${pdfWith()}${archiveEnd}${' '.repeat(60_000)}%%EOF`],
  ])('%s', (_, text) => {
    expect(scan(text)).toBe('wrong-type');
  });
});

describe('an honest PDF is fine', () => {
  test.each([
    ['plain', ''],
    ['with links', '9 0 obj\n<</S/URI/URI(https://example.com/JavaScripts)>>\nendobj'],
    ['that writes of scripts', plainStream('BT (JavaScript and Launch) Tj ET')],
    ['with names that begin alike', '9 0 obj\n<</JSON 1/Launcher 2/EFG 3/Encrypted 4>>\nendobj'],
    ['with short names in a picture', plainStream('\x01/JS /EF \x02')],
    ['with an object stream', objectStream('9 0 <</Type/Font/BaseFont/Helvetica>>')],
    ['with an outline', '9 0 obj\n<</Type/Outlines/First 3 0 R/N 2>>\nendobj'],
    [
      'with a page in two filters',
      '9 0 obj\n<</Length 1/Filter[/ASCII85Decode/FlateDecode]>>\nstream\nx\nendstream\nendobj',
    ],
    ['with a signature', '9 0 obj\n<</Type/Sig/ByteRange[0 1 2 3]/Contents<00ff>>>\nendobj'],
    ['with a picture that is no end of a string', plainStream('((((((( \\ <')],
  ])('%s', (_, object) => {
    expect(scan(pdfWith(object))).toBeUndefined();
  });
});
