import { isDatabaseUnavailable } from './database-unavailable.ts';

interface Waiting<Given, Answer> {
  given: Given;
  /** By this process' own steady clock. */
  since: number;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

interface Lane<Given, Answer> {
  waiting: Waiting<Given, Answer>[];
  underWay: number;
  isCalled: boolean;
}

/** As many as share one statement at most: one that fails is tried again one by one. */
const mostTogether = 50;
/** As many statements of one lane as are under way at once; what comes meanwhile waits, and goes together. */
const mostUnderWay = 2;
/**
 * Whoever has waited so long behind a statement that found no database is not sent after it: a database that has fallen
 * silent keeps each statement for its whole time, and a request would wait for one after the other.
 */
const longWaitMs = 1_000;

/**
 * Lets requests that come in the same moment share one statement, and with it one round trip and one commit. A request
 * that comes alone goes alone and at once; the more there are, the more go together. One that fails because of another
 * is tried by itself, so that nobody suffers from a neighbour. A database that is away is waited for once.
 *
 * @param run answers all of them, in their order; requests of different databases or transactions never go together
 * @param laneOf those of one lane go together; a lane that has to wait for a lock keeps no other waiting
 * @param keyOf no two with the same key go together
 */
export function gathering<Database extends object, Given, Answer>({
  run,
  laneOf,
  keyOf,
}: {
  run: (db: Database, given: readonly Given[]) => Promise<readonly Answer[]>;
  laneOf: (given: Given) => string;
  keyOf?: (given: Given) => string;
}): (db: Database, given: Given) => Promise<Answer> {
  const ofDatabase = new WeakMap<Database, Map<string, Lane<Given, Answer>>>();

  async function send(
    db: Database,
    lane: Lane<Given, Answer>,
    together: readonly Waiting<Given, Answer>[],
  ): Promise<void> {
    try {
      const answers = await run(
        db,
        together.map(({ given }) => given),
      );
      together.forEach(({ resolve, reject }, index) => {
        const answer = answers[index];
        if (answer === undefined) reject(new Error('a gathered statement left an answer out'));
        else resolve(answer);
      });
    } catch (error) {
      const isAway = isDatabaseUnavailable(error);
      if (together.length === 1 || isAway) {
        for (const { reject } of isAway ? [...together, ...takeLongWaiting(lane)] : together) reject(error);
        return;
      }
      await Promise.all(together.map((one) => send(db, lane, [one])));
    }
  }

  function takeLongWaiting(lane: Lane<Given, Answer>): Waiting<Given, Answer>[] {
    const latest = performance.now() - longWaitMs;
    const taken = lane.waiting.filter(({ since }) => since <= latest);
    lane.waiting = lane.waiting.filter(({ since }) => since > latest);
    return taken;
  }

  function takeTogether(lane: Lane<Given, Answer>): Waiting<Given, Answer>[] {
    if (keyOf === undefined) return lane.waiting.splice(0, mostTogether);
    const keys = new Set<string>();
    const together: Waiting<Given, Answer>[] = [];
    const left: Waiting<Given, Answer>[] = [];
    for (const one of lane.waiting) {
      const key = keyOf(one.given);
      const goes = together.length < mostTogether && !keys.has(key);
      (goes ? together : left).push(one);
      keys.add(key);
    }
    lane.waiting = left;
    return together;
  }

  return (db, given) =>
    new Promise((resolve, reject) => {
      let lanes = ofDatabase.get(db);
      if (lanes === undefined) ofDatabase.set(db, (lanes = new Map<string, Lane<Given, Answer>>()));
      const ofDb = lanes;
      const name = laneOf(given);
      let lane = ofDb.get(name);
      if (lane === undefined) ofDb.set(name, (lane = { waiting: [], underWay: 0, isCalled: false }));
      const own = lane;
      own.waiting.push({ given, since: performance.now(), resolve, reject });

      const go = () => {
        own.isCalled = false;
        while (own.underWay < mostUnderWay && own.waiting.length > 0) {
          own.underWay += 1;
          void send(db, own, takeTogether(own)).finally(() => {
            own.underWay -= 1;
            if (own.waiting.length > 0) go();
            else if (own.underWay === 0 && ofDb.get(name) === own) ofDb.delete(name);
          });
        }
      };
      if (own.isCalled || own.underWay >= mostUnderWay) return;
      // Once the requests that have arrived by now have been read.
      own.isCalled = true;
      setImmediate(go);
    });
}
