import type { PlatformIdentity } from './identity.ts';
import type { Inbox } from './inbox.ts';
import type { LaunchShelf } from './launches.ts';
import type { NextLaunch } from './launch-changes.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { Roster } from './roster.ts';
import type { StateFile } from './state.ts';
import type { SingleUse } from './single-use.ts';
import type { AccessTokens } from './token-endpoint.ts';
import type { Throttle } from './throttle.ts';
import type { Tools } from './tools.ts';

/** What all doors of the demo share: one platform, running. */
export interface Platform {
  readonly identity: PlatformIdentity;
  /** The tool's own address, without a slash at the end. */
  readonly toolUrl: string;
  readonly apiToken: string;
  readonly file: StateFile;
  readonly roster: Roster;
  readonly tools: Tools;
  readonly keys: SigningKeys;
  readonly launches: LaunchShelf;
  readonly tokens: AccessTokens;
  readonly singleUse: SingleUse;
  /** The mails that the tool has sent. */
  readonly inbox: Inbox;
  readonly throttle: Throttle;
  /** What the next launches say wrongly, on purpose. */
  readonly nextLaunches: NextLaunch[];
  /** The platform's clock: tests may set it. */
  readonly now: () => Date;
  /** Milliseconds that are added to the clock. */
  setClockOffset(milliseconds: number): void;
}
