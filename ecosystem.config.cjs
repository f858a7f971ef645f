// PM2: `pm2 start ecosystem.config.cjs`; after a new release `pm2 reload ecosystem.config.cjs` (nobody notices).
// The settings come from .env beside this file, or from the environment in which PM2 was started.
module.exports = {
  apps: [
    {
      name: 'sk-attendance',
      cwd: __dirname,
      script: 'scripts/start.ts',
      // Nginx ends TLS before it (deploy/nginx): nobody else is answered.
      args: ['--host', '127.0.0.1'],
      interpreter: 'node',
      exec_mode: 'cluster',
      instances: 2,
      // The process before goes on until the new one says that it can answer.
      wait_ready: true,
      listen_timeout: 60_000,
      // It ends by itself within nine seconds.
      kill_timeout: 12_000,
      // What a process has started, it ends itself.
      treekill: false,
      max_memory_restart: '900M',
      // A database that is away for a night is waited for.
      exp_backoff_restart_delay: 200,
      merge_logs: true,
      env: { NODE_ENV: 'production' },
    },
  ],
};
