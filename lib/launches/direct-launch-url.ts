import { pagesOrigin } from '../platforms/rules.ts';

export interface DirectLaunch {
  issuer: string;
  /** Host (and port) of the platform's pages, as a launch told it. */
  webHost: string | null;
  canvasCourseId: string | null;
  /** Canvas: `<tool id>:<40 hex digits>`. */
  deploymentId: string;
  /** An address of ours that becomes the signed `target_link_uri`. */
  target: string;
}

/**
 * The platform's address that signs a phone in and launches us, unframed (Canvas
 * `…/external_tools/:id?display=borderless&launch_url=…`). Null when the platform has none that we know.
 */
export function directLaunchUrl(launch: DirectLaunch): string | null {
  const toolId = /^(\d+):/.exec(launch.deploymentId)?.[1];
  if (launch.webHost === null || launch.canvasCourseId === null || toolId === undefined) return null;
  if (!/^\d+$/.test(launch.canvasCourseId)) return null;
  const url = URL.parse(
    `${pagesOrigin(launch.webHost, launch.issuer)}/courses/${launch.canvasCourseId}/external_tools/${toolId}`,
  );
  if (url === null) return null;
  url.searchParams.set('display', 'borderless');
  url.searchParams.set('launch_url', launch.target);
  return url.href;
}
