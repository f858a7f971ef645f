import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unescapeHtml } from './unescape-html.ts';

const escape = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#039;');

describe('a name that was escaped for HTML', () => {
  test.each([
    ['plain', 'Anna Beispiel', 'Anna Beispiel'],
    ['an ampersand', 'Müller &amp; Sohn', 'Müller & Sohn'],
    ['an apostrophe', 'Sinéad O&#039;Brien', "Sinéad O'Brien"],
    ['an apostrophe of another spelling', 'Sinéad O&#39;Brien', "Sinéad O'Brien"],
    ['brackets', '&lt;b&gt;Ben&lt;/b&gt;', '<b>Ben</b>'],
    ['escaped once, not twice', 'Tom &amp;amp; Co', 'Tom &amp; Co'],
    ['never escaped: a bare ampersand', 'Müller & Sohn', 'Müller & Sohn'],
    ['never escaped: an entity beside a bracket', '<i>&amp;', '<i>&amp;'],
    ['an entity that escaping does not make', 'caf&eacute;', 'caf&eacute;'],
    ['a name of JavaScript', '&constructor;', '&constructor;'],
  ])('%s', (_what, given, read) => {
    expect(unescapeHtml(given)).toBe(read);
  });

  test('comes back as it was, whatever it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '&', ';', '<', '>', '"', "'", '#', 'amp;') }),
        (name) => {
          expect(unescapeHtml(escape(name))).toBe(name);
        },
      ),
    );
  });
});
