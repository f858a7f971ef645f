import { readFile } from 'node:fs/promises';
import { Hono } from 'hono';
import type { Platform } from './platform.ts';

const kinds: Record<string, string> = {
  'demo.css': 'text/css; charset=utf-8',
  'auto-submit.js': 'text/javascript; charset=utf-8',
  'platform-storage.js': 'text/javascript; charset=utf-8',
  'forwarding.js': 'text/javascript; charset=utf-8',
  'leave-frame.js': 'text/javascript; charset=utf-8',
  'registration.js': 'text/javascript; charset=utf-8',
  'phone.js': 'text/javascript; charset=utf-8',
  'mark.svg': 'image/svg+xml',
  'brand.json': 'application/json',
};

/** The files that pages load. They are small and read once. */
export async function assetRoutes(): Promise<Hono> {
  const routes = new Hono();
  const files = new Map(
    await Promise.all(
      Object.keys(kinds).map(
        async (name) => [name, await readFile(new URL(`browser/${name}`, import.meta.url), 'utf8')] as const,
      ),
    ),
  );
  routes.get('/assets/:name', (c) => {
    const name = c.req.param('name');
    const text = files.get(name);
    if (text === undefined) return c.notFound();
    c.header('Content-Type', kinds[name]);
    c.header('Cache-Control', 'no-cache');
    return c.body(text);
  });
  routes.get('/favicon.ico', (c) => c.body(null, 204));
  return routes;
}

/** People have no photographs here: initials on a colour that is theirs. */
export function pictureRoutes(platform: Platform): Hono {
  const routes = new Hono();
  routes.get('/pictures/:file{[0-9]+\\.svg}', (c) => {
    const id = Number.parseInt(c.req.param('file'), 10);
    const person = platform.roster.person(id);
    if (person === undefined) return c.notFound();
    const initials = [person.givenName, person.familyName]
      .map((part) => /\p{L}/u.exec(part)?.[0] ?? '')
      .join('')
      .toUpperCase();
    c.header('Content-Type', 'image/svg+xml');
    return c.body(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="hsl(${String((id * 47) % 360)} 35% 42%)"/><text x="32" y="41" font-family="sans-serif" font-size="26" fill="#fff" text-anchor="middle">${initials}</text></svg>`,
    );
  });
  return routes;
}
