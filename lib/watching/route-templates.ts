/** What a request asked for, as the folder tree of `app` writes it; undefined: no route of ours. */
export type RouteOf = (path: string) => string | undefined;

interface Branch {
  /** By the segment's own text. */
  literal: Map<string, Branch>;
  /** `[name]`: any one segment. */
  any?: Branch;
  /** `[...name]`: one segment or more; `[[...name]]`: also none. */
  rest?: string;
  here?: string;
}

/**
 * Finds the template of a path, so that log and metrics name routes and never what stands in an address: codes, tokens
 * and ids.
 *
 * @param templates e.g. `/courses/[courseId]`
 */
export function createRouteOf(templates: readonly string[]): RouteOf {
  const root: Branch = { literal: new Map() };
  for (const template of templates) plant(root, segmentsOf(template), template);
  return (path) => follow(root, segmentsOf(path), 0);
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function plant(from: Branch, segments: readonly string[], template: string): void {
  let at = from;
  for (const segment of segments) {
    if (/^\[?\[\.\.\./.test(segment)) {
      at.rest = template;
      if (segment.startsWith('[[')) at.here = template;
      return;
    }
    const next = /^\[.*\]$/.test(segment) ? at.any : at.literal.get(segment);
    const branch: Branch = next ?? { literal: new Map() };
    if (/^\[.*\]$/.test(segment)) at.any = branch;
    else at.literal.set(segment, branch);
    at = branch;
  }
  at.here = template;
}

/** A segment's own text comes before `[name]`, and that before the rest, as in Next. */
function follow(branch: Branch, segments: readonly string[], at: number): string | undefined {
  const segment = segments[at];
  if (segment === undefined) return branch.here;
  const literal = branch.literal.get(segment);
  return (
    (literal && follow(literal, segments, at + 1)) ??
    (branch.any && follow(branch.any, segments, at + 1)) ??
    branch.rest
  );
}
