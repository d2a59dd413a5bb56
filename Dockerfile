# One image for every role: `start --role worker`, `start --role api`, or `start` for everything in one container.
# Debian and not Alpine: the core of Temporal's SDK needs glibc.

FROM node:22.20.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM dependencies AS build
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:22.20.0-bookworm-slim
# Temporal's SDK checks certificates by the system's list.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o node -g node -m 0700 /var/lib/nightshift \
  && printf '#!/bin/sh\nexec node --enable-source-maps /app/dist/workers/main.js "$@"\n' > /usr/local/bin/nightshift \
  && chmod 755 /usr/local/bin/nightshift
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/package.json ./
COPY --from=build /app/runbooks ./runbooks
ENV NODE_ENV=production
# See scripts/setup/command.mjs.
ENV MALLOC_ARENA_MAX=2
ENV NIGHTSHIFT_HOME=/var/lib/nightshift
ENV NIGHTSHIFT_LISTEN=0.0.0.0:7070
USER node
VOLUME /var/lib/nightshift
EXPOSE 7070
HEALTHCHECK --interval=10s --timeout=8s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:7070/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--enable-source-maps", "/app/dist/workers/main.js"]
CMD ["start"]
