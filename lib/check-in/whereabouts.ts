import type { CoursePolicy } from '../base/course-policy.ts';
import { isInNetworks } from '../base/networks.ts';
import { distanceInMeters, readPosition } from '../base/positions.ts';
import type { Position } from '../base/positions.ts';

/** Where a phone says that it is, give or take so many metres. */
export interface DevicePosition extends Position {
  accuracyMeters: number;
}

/** Where a check-in came from, as far as the course wants to know and the student has told. */
export interface Whereabouts {
  /** Null: the course names no networks, or the address is not known. */
  isNetworkAllowed: boolean | null;
  /** From the room, less what the phone was unsure of. Null: not asked, or not told. */
  distanceMeters: number | null;
  flags: WhereaboutsFlag[];
}

export type WhereaboutsFlag = 'outside-network' | 'far-away';

/**
 * What address and position amount to. Both are thrown away here: what is kept is a yes or no, and metres. Evidence for
 * a person to look at; it keeps nobody from checking in.
 */
export function judgeWhereabouts(
  policy: Pick<CoursePolicy, 'allowedNetworks' | 'roomPosition' | 'roomRadiusMeters'>,
  { address = null, position }: { address?: string | null; position?: DevicePosition | undefined },
): Whereabouts {
  const isNetworkAllowed =
    policy.allowedNetworks === '' || address === null ? null : isInNetworks(policy.allowedNetworks, address);
  const room = policy.roomPosition === null ? undefined : readPosition(policy.roomPosition);
  const distanceMeters =
    room === undefined || position === undefined
      ? null
      : Math.max(0, Math.round(distanceInMeters(room, position) - position.accuracyMeters));
  return {
    isNetworkAllowed,
    distanceMeters,
    flags: [
      ...(isNetworkAllowed === false ? (['outside-network'] as const) : []),
      ...(distanceMeters !== null && distanceMeters > policy.roomRadiusMeters ? (['far-away'] as const) : []),
    ],
  };
}

/** "52.52003 13.40495 35": degrees and metres, as the phone's page sends them. Whatever else it is: not told. */
export function readDevicePosition(text: string | null): DevicePosition | undefined {
  const [, place = '', accuracy = ''] = /^(\S+ \S+) (\d{1,8}(?:\.\d+)?)$/.exec(text ?? '') ?? [];
  const position = readPosition(place);
  return position === undefined ? undefined : { ...position, accuracyMeters: Number(accuracy) };
}
