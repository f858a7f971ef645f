import { storableText } from '../base/storable-text.ts';
import type { DocumentType } from '../db/schema.ts';

const maxLength = 120;

const extensionOf: Readonly<Record<DocumentType, string>> = {
  'application/pdf': '.pdf',
  'image/jpeg': '.jpg',
};
const fitting: Readonly<Record<DocumentType, RegExp>> = {
  'application/pdf': /\.pdf$/i,
  'image/jpeg': /\.jpe?g$/i,
};
/** What documents are called before they are made anew; any other ending is part of the name. */
const replaced = /\.(pdf|jpe?g|png|hei[cf])$/i;

/** Breaks, controls, and signs that turn the reading direction; joiners stay, for names in many scripts need them. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu;

/**
 * What a document is called on the screen and when it is saved: the last part of the given path, of 120 characters at
 * most, with the ending of what is kept. It is never a key, nor part of a path of ours.
 */
export function documentName(given: string, mediaType: DocumentType): string {
  const last = storableText(given).normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const name = last.replace(unseen, '').replace(/\s+/g, ' ').trim();
  const ending = fitting[mediaType].exec(name)?.[0] ?? extensionOf[mediaType];
  const bare = name.replace(replaced, '').replace(/^[. ]+|[. ]+$/g, '') || 'document';
  const cut = Array.from(bare)
    .slice(0, maxLength - ending.length)
    .join('');
  return cut.replace(/[. ]+$/, '') + ending;
}
