/** Zones that were renamed, and that JavaScript still lists by the name they had. */
const renamed: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Louisville': 'America/Kentucky/Louisville',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
};

const known = [...Intl.supportedValuesOf('timeZone').map((zone) => renamed[zone] ?? zone), 'UTC'];

/**
 * The zones that one can choose, by the IANA names of today.
 *
 * @param current what the course has, by whatever name
 */
export function timeZonesWith(current: string): string[] {
  return [...new Set([...known, current])].sort();
}
