export const languages = ['de', 'en'] as const;
export type Language = (typeof languages)[number];

/** The first language of ours that a list of BCP 47 tags (an Accept-Language header, a locale claim) names. */
export function pickLanguage(wishes: string | null | undefined): Language | undefined {
  const ranked = (wishes ?? '')
    .split(',')
    .map((wish) => {
      const [tag = '', ...parameters] = wish.trim().toLowerCase().split(';');
      const quality = parameters.map((p) => /^\s*q=([\d.]+)/.exec(p)?.[1]).find((q) => q !== undefined);
      return { language: tag.split(/[-_]/)[0], quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter((wish) => wish.quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const wish of ranked) {
    const known = languages.find((language) => language === wish.language);
    if (known !== undefined) return known;
  }
  return undefined;
}
