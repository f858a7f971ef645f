import fc from 'fast-check';
import { expect, test } from 'vitest';
import { documentName } from './document-name.ts';

const [pdf, jpeg] = ['application/pdf', 'image/jpeg'] as const;

test.each([
  ['Attest.pdf', pdf, 'Attest.pdf'],
  ['ATTEST.PDF', pdf, 'ATTEST.PDF'],
  ['foto.jpeg', jpeg, 'foto.jpeg'],
  ['IMG_0815.HEIC', jpeg, 'IMG_0815.jpg'],
  ['Bildschirmfoto.png', jpeg, 'Bildschirmfoto.jpg'],
  // What it is by its content, whatever it says.
  ['photo.jpg', pdf, 'photo.pdf'],
  ['setup.exe', pdf, 'setup.exe.pdf'],
  ['Attest vom 3.2.2026', pdf, 'Attest vom 3.2.2026.pdf'],
  // Parts of a path.
  ['../../etc/passwd', pdf, 'passwd.pdf'],
  ['C:\\Users\\anna\\Attest.pdf', pdf, 'Attest.pdf'],
  ['/', pdf, 'document.pdf'],
  ['..', pdf, 'document.pdf'],
  ['.htaccess', pdf, 'htaccess.pdf'],
  ['', jpeg, 'document.jpg'],
  ['.pdf', pdf, 'document.pdf'],
  // "Attest‮fdp.exe" would be read as "Attestexe.pdf".
  ['Attest\u202efdp.exe', pdf, 'Attestfdp.exe.pdf'],
  ['\u2067Attest\u2069\u200f.pdf', pdf, 'Attest.pdf'],
  ['At\0te\u0007st\r\nX-Header: 1.pdf', pdf, 'AttestX-Header: 1.pdf'],
  ['zero\u200bwidth\ufeff.pdf', pdf, 'zerowidth.pdf'],
  ['two\u2028lines.pdf', pdf, 'twolines.pdf'],
  // Writing of all kinds stays.
  ['Ärztliches  Attest.pdf', pdf, 'Ärztliches Attest.pdf'],
  ['A\u0308rztin.pdf', pdf, 'Ärztin.pdf'],
  ['گواهی\u200cپزشکی.pdf', pdf, 'گواهی\u200cپزشکی.pdf'],
  ['👩\u200d⚕️.pdf', pdf, '👩\u200d⚕️.pdf'],
  ['half \ud83d.pdf', pdf, 'half \ufffd.pdf'],
])('%j, kept as %s, is called %j', (given, mediaType, name) => {
  expect(documentName(given, mediaType)).toBe(name);
});

test('a long name keeps its beginning and its ending', () => {
  expect(documentName(`${'ä'.repeat(300)}.heic`, jpeg)).toBe(`${'ä'.repeat(116)}.jpg`);
  expect(Array.from(documentName('😷'.repeat(300), pdf))).toHaveLength(120);
});

test('whatever comes, a name has an ending and nothing that could mislead', () => {
  const given = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({
      unit: fc.constantFrom('.', '/', '\\', ' ', '\u202e', '\n', 'p', 'd', 'f', 'j', 'g'),
      maxLength: 20,
    }),
  );
  fc.assert(
    fc.property(given, fc.constantFrom(pdf, jpeg), (text, mediaType) => {
      const name = documentName(text, mediaType);
      expect(name).toMatch(mediaType === pdf ? /^[^./\\ ].*\.pdf$/i : /^[^./\\ ].*\.jpe?g$/i);
      expect(name).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/u);
      expect(name.isWellFormed()).toBe(true);
      expect(Array.from(name).length).toBeLessThanOrEqual(120);
      // What was cleaned stays as it is.
      expect(documentName(name, mediaType)).toBe(name);
    }),
  );
});
