import { z } from 'zod';
import { storableText } from '../base/storable-text.ts';

/** Platforms send null, numbers and empty text where a text belongs; all of these mean "not given". */
export const looseText = z.preprocess((value) => {
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? storableText(value) : value;
  return text === null || text === '' ? undefined : text;
}, z.string().max(4_000).optional().catch(undefined));
