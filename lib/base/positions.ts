/** A place on earth, in degrees. */
export interface Position {
  latitude: number;
  longitude: number;
}

const earthRadiusMeters = 6_371_009;
const radians = Math.PI / 180;

/** Latitude and longitude as maps tell them: "52.52003, 13.40495"; decimal commas are taken too. */
export function readPosition(text: string): Position | undefined {
  const [, north, east] =
    /^\s*(-?\d{1,2}(?:[.,]\d+)?)(?:\s*[,;]\s*|\s+)(-?\d{1,3}(?:[.,]\d+)?)\s*$/.exec(text) ?? [];
  if (north === undefined || east === undefined) return undefined;
  const [latitude, longitude] = [north, east].map((degrees) => Number(degrees.replace(',', '.'))) as [
    number,
    number,
  ];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}

/** As it is kept and shown: five decimals tell a metre. */
export function spellPosition({ latitude, longitude }: Position): string {
  return `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
}

/** The way between two places over the ground, in metres: half a percent off at most, as the earth is no ball. */
export function distanceInMeters(from: Position, to: Position): number {
  const halfSine = (degrees: number) => Math.sin((degrees * radians) / 2) ** 2;
  const share =
    halfSine(to.latitude - from.latitude) +
    Math.cos(from.latitude * radians) *
      Math.cos(to.latitude * radians) *
      halfSine(to.longitude - from.longitude);
  return 2 * earthRadiusMeters * Math.asin(Math.sqrt(Math.min(1, share)));
}
