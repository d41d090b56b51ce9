# One image for the API and the worker; docker-compose.yml says which of the two a container runs.
FROM node:22-bookworm-slim AS build
# The set-up fetches native TensorFlow with pip and compiles the addon over it.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates g++ python3 python3-pip \
  && rm -rf /var/lib/apt/lists/*
ENV COMPOUND_SEARCH_CACHE_DIR=/opt/compound-search/cache
WORKDIR /opt/compound-search/app
COPY . .
RUN node scripts/setup.mjs

FROM node:22-bookworm-slim
ENV NODE_ENV=production
# The same paths as in the build, since the addon is reached through links.
COPY --from=build /opt/compound-search /opt/compound-search
WORKDIR /opt/compound-search/app
# A volume that is mounted here takes its owner from it.
RUN install -d -o node -g node /home/node/.cache /home/node/.cache/compound-search /home/node/.cache/compound-search/datasets
USER node
EXPOSE 3210
CMD ["node", "--import", "tsx", "apps/api/src/main.ts"]
