import { z } from 'zod';

const headLine = z.object({
  courseId: z.uuid(),
  number: z.int().min(1).max(2_147_483_647),
  mac: z.string().min(1),
  /** The seal's own id; the log's lines are without. */
  id: z.uuid().optional(),
});

/** A line of the heads file, or of the log ("audit sealed"); undefined when it is neither. */
export function readHead(line: string): z.output<typeof headLine> | undefined {
  try {
    return headLine.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
