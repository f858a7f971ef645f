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

/** As German and Danish keyboards' letters are spelled where there are none. */
const spelledLetters: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' };

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[\p{Mark}'’‘ʼ`´]/gu, '')
    .toLowerCase()
    .replaceAll(/[ßæœøłđðıþ]/g, (letter) => plainLetters[letter] ?? letter);
}

function spelled(text: string): string {
  return plain(
    text
      .normalize('NFC')
      .toLowerCase()
      .replaceAll(/[äöüåø]/g, (letter) => spelledLetters[letter] ?? letter),
  );
}

/**
 * Whether a name is meant by what somebody types to find it: every word of it, in any order, without regard to capitals,
 * accents, apostrophes and hyphens, and to whether an umlaut is written as such ("anna mull" and "mueller" find "Müller,
 * Anna").
 */
export function matchesName(name: string, typed: string): boolean {
  const ways = [plain, spelled].map((write) => ({ write, within: write(name) }));
  return typed
    .split(/[\s,\-‐]+/)
    .every((word) => ways.some(({ write, within }) => within.includes(write(word))));
}
