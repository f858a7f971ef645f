import { describe, expect, test } from 'vitest';
import { nextLink } from './next-link.ts';

const page = 'https://lms.example/api/members?page=1';
const on = (path: string) => ({ url: `https://lms.example${path}` });

describe('the next page', () => {
  test.each([
    ['none', undefined, undefined],
    ['an empty header', '', undefined],
    [
      'other relations',
      '<https://lms.example/a>; rel="current",<https://lms.example/b>; rel="first"',
      undefined,
    ],
    [
      'Canvas, opaque and with capitals',
      '<https://lms.example/x?page=first>; rel="current",<https://lms.example/x?page=bookmark:WzUwLCJJZCJd>; rel="next"',
      on('/x?page=bookmark:WzUwLCJJZCJd'),
    ],
    ['escaped signs are kept', '<https://lms.example/x?p=a%2Fb%2b+c|d>; rel="next"', on('/x?p=a%2Fb%2b+c|d')],
    ['without quotes', '<https://lms.example/x>;rel=next', on('/x')],
    ['one of several relations', '<https://lms.example/x>; rel="last NEXT"', on('/x')],
    ['after other parameters', '<https://lms.example/x>; title="one, two; <three>"; rel="next"', on('/x')],
    ['a comma in the address', '<https://lms.example/x?a=1,2>; rel="next"', on('/x?a=1,2')],
    [
      'several headers',
      ['<https://lms.example/a>; rel="prev"', '<https://lms.example/b>; rel="next"'],
      on('/b'),
    ],
    ['a relative address', '</api/members?page=2>; rel="next"', on('/api/members?page=2')],
    ['a word that begins alike', '<https://lms.example/x>; rel="nextish"', undefined],
    ['the word in a title', '<https://lms.example/x>; title="next"; rel="prev"', undefined],
    // As Node reads the bytes of Moodle's header: Latin-1.
    [
      'Moodle: curly quotes, escaped for HTML',
      '<https://lms.example/x?limit=5&amp;from=5>; rel=\u00e2\u0080\u009cnext\u00e2\u0080\u009d',
      on('/x?limit=5&from=5'),
    ],
    ['an end that never comes', '<https://lms.example/x>; title="rel=next', undefined],
    ['no address: the same page again', '<>; rel="next"', { url: page }],
    ['brackets without an end', '<<<<; rel="next"', undefined],
    ['another host', '<https://evil.example/x>; rel="next"', 'elsewhere'],
    ['another port', '<https://lms.example:8443/x>; rel="next"', 'elsewhere'],
    ['another protocol', '<http://lms.example/x>; rel="next"', 'elsewhere'],
    ['another host, relative', '<//evil.example/x>; rel="next"', 'elsewhere'],
    ['another host after a user name', '<https://lms.example@evil.example/x>; rel="next"', 'elsewhere'],
    ['no address', '<https://>; rel="next"', 'elsewhere'],
  ])('%s', (_what, header, next) => {
    expect(nextLink(header, page)).toEqual(next);
  });
});
