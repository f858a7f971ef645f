/** Letters that Unicode does not take apart into a base and a mark. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ı: 'i',
  þ: 'th',
};

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[ßæœøłđðıþ]/g, (letter) => plainLetters[letter] ?? letter);
}

/**
 * Whether a name is meant by what somebody types to find it: every word of it, in any order, without regard to accents
 * and capitals ("anna mull" finds "Müller, Anna").
 */
export function matchesName(name: string, typed: string): boolean {
  const within = plain(name);
  return plain(typed)
    .split(/[\s,]+/)
    .every((word) => within.includes(word));
}
