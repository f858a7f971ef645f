const shape = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|UTC|[+-]\d\d:?\d\d)$/;

/**
 * A moment as Canvas writes it into custom fields: `2027-07-31 23:59:59 +0200`, `2027-07-31 21:59:59 UTC`, or ISO 8601,
 * by the variable.
 *
 * @returns undefined where it is none, or names no zone
 */
export function readCanvasTime(text: string | undefined): Date | undefined {
  const [, day, time, zone = ''] = shape.exec(text ?? '') ?? [];
  if (day === undefined || time === undefined) return undefined;
  const offset = zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const at = new Date(`${day}T${time}${offset}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
