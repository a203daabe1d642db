# syntax=docker/dockerfile:1

# Everything is built here; the compiler stays here.
FROM node:20.20.2-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Only hnswlib-node is compiled, with the headers of the image: no package fetches anything of its own.
RUN npm ci --omit=dev --ignore-scripts && npm_config_nodedir=/usr/local npm rebuild hnswlib-node
COPY tsconfig.json ./
COPY src src
COPY scripts scripts
COPY corpus corpus
COPY index/encoder index/encoder
RUN node --import tsx scripts/build-index.ts

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production DATA=/data METRICS_ADDRESS=127.0.0.1:9464
WORKDIR /app
COPY --from=build /app /app
RUN install -d -o node -g node /data
USER node
VOLUME /data
# The webhook; with polling nothing listens to the world.
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/health').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
# Without npm in between, signals reach the service.
CMD ["node", "--max-semi-space-size=64", "--import", "tsx", "src/main.ts"]
