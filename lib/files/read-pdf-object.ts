/** What an object of a PDF says of itself. */
export interface PdfObject {
  /** In order, at any depth, decoded. Strings and comments hold none. */
  names: string[];
  /** Where the stream's data begins; undefined: it is no stream. */
  dataAt: number | undefined;
  /** Where reading ended. */
  end: number;
}

/**
 * Reads what follows "7 0 obj", token by token as ISO 32000-1, 7.2 and 7.3 say, up to the stream's data or the object's
 * end. How the tokens are put together is not looked at, so that no file is too broken to be read.
 *
 * @param text one character a byte
 */
export function readPdfObject(text: string, from: number): PdfObject {
  const names: string[] = [];
  let at = from;
  for (;;) {
    at = skipSpace(text, at);
    if (at >= text.length) return { names, dataAt: undefined, end: text.length };
    switch (text[at]) {
      case '/': {
        const end = endOfRegular(text, at + 1);
        names.push(decodeName(text.slice(at + 1, end)));
        at = end;
        break;
      }
      case '(':
        at = endOfString(text, at);
        break;
      case '<':
        at = text[at + 1] === '<' ? at + 2 : endOf(text, '>', at);
        break;
      case '>':
      case ')':
      case '[':
      case ']':
      case '{':
      case '}':
        at += 1;
        break;
      default: {
        const end = endOfRegular(text, at);
        const word = text.slice(at, end);
        if (word === 'stream') return { names, dataAt: endOfLine(text, end), end };
        if (word === 'endobj' || word === 'obj') return { names, dataAt: undefined, end };
        at = end;
      }
    }
  }
}

/** Of each byte: white space, a delimiter, or neither (7.2.2). */
const spaces = new Set(['\0', '\t', '\n', '\f', '\r', ' ']);
const delimiters = new Set(['(', ')', '<', '>', '[', ']', '{', '}', '/', '%']);

function skipSpace(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '%') while (at + 1 < text.length && !isLineEnd(text.charAt(at + 1))) at += 1;
    else if (!spaces.has(character)) break;
  }
  return at;
}

function endOfRegular(text: string, from: number): number {
  let at = from;
  while (at < text.length && !spaces.has(text.charAt(at)) && !delimiters.has(text.charAt(at))) at += 1;
  return at;
}

/** Parentheses within a string come in pairs or behind a backslash (7.3.4.2). */
function endOfString(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

function endOf(text: string, closing: string, from: number): number {
  const at = text.indexOf(closing, from);
  return at === -1 ? text.length : at + 1;
}

/** The line's end after `stream`, in any of its three forms: readers take the lone CR as well. */
function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isLineEnd(text.charAt(at))) at += 1;
  return text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : at + 1;
}

function isLineEnd(character: string): boolean {
  return character === '\n' || character === '\r';
}

function decodeName(written: string): string {
  return written.replace(/#([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
