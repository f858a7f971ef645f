import type { Env } from '../base/env.ts';
import type { CourseOnPlatform } from '../courses/find-course.ts';

/** Canvas' own REST interface, for the one installation that the settings name. */
export interface CanvasApi {
  issuer: string;
  clientId: string;
  deploymentId: string;
  /** The origin that the token is given to, and no other. */
  baseUrl: string;
  token: string;
}

/** What the settings say of it, if they say anything. */
export function canvasApiOf(settings: Env): CanvasApi | undefined {
  const {
    CANVAS_PLATFORM_URL: issuer,
    CANVAS_CLIENT_ID: clientId,
    CANVAS_DEPLOYMENT_ID: deploymentId,
    CANVAS_BASE_URL: baseUrl,
    CANVAS_API_TOKEN: token,
  } = settings;
  if (issuer === undefined || clientId === undefined || deploymentId === undefined) return undefined;
  if (baseUrl === undefined || token === undefined) return undefined;
  return {
    issuer: issuer.replace(/\/$/, ''),
    clientId,
    deploymentId,
    baseUrl: new URL(baseUrl).origin,
    token,
  };
}

/** The interface, where it may be asked about this course: the token is for one installation. */
export function canvasApiFor(
  api: CanvasApi | undefined,
  { course, platform, deployment }: CourseOnPlatform,
): { api: CanvasApi; canvasCourseId: string } | undefined {
  if (api === undefined || course.canvasCourseId === null) return undefined;
  const isIts =
    platform.issuer === api.issuer &&
    platform.clientId === api.clientId &&
    deployment.deploymentId === api.deploymentId;
  return isIts ? { api, canvasCourseId: course.canvasCourseId } : undefined;
}
