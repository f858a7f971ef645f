# docker build -t sk-attendance .
# The finished image holds the server that Next makes (standalone), Node, and the PostgreSQL client that backups need.
ARG NODE_IMAGE=node:24-trixie-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

FROM ${NODE_IMAGE} AS tool
LABEL org.opencontainers.image.title="SK Attendance" \
      org.opencontainers.image.description="Attendance inside learning platforms, by LTI 1.3 Advantage"
# At or above the server's version: an older pg_dump refuses a newer server.
ARG POSTGRES_CLIENT=18
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates postgresql-common \
 && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
 && apt-get install --yes --no-install-recommends "postgresql-client-${POSTGRES_CLIENT}" \
 && rm -rf /var/lib/apt/lists/* \
 && install --directory --owner=node --group=node --mode=0700 /data /backups
ENV NODE_ENV=production \
    PORT=3001 \
    SK_DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/.next/standalone ./
USER node
VOLUME /data
EXPOSE 3001
# The tool ends by itself within nine seconds.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Commands: docker run … sk-attendance node lib/cli/main.ts doctor
CMD ["node", "scripts/start.ts"]
