# Three images: `api`, `worker` and, with the CUDA build of TensorFlow, `worker-gpu` (x86-64 alone). None has a compiler,
# all run as an account other than root, and all work with a read-only root file system. What they write:
#   /tmp                                   scratch files of Node and of trainings
#   /var/cache/compound-search             images that have been decoded, and compiled GPU kernels
#   /var/lib/compound-search/trainings     checkpoints and graphs (workers)
FROM node:22-bookworm-slim AS sources
WORKDIR /opt/compound-search/app
COPY . .

# Everything at once, as a clone has it, to generate the database client with.
FROM sources AS clone
RUN npm ci --no-audit --no-fund --loglevel=error
# The client needs no schema engine; naming any file keeps Prisma from downloading one.
RUN PRISMA_SCHEMA_ENGINE_BINARY="$(command -v node)" CHECKPOINT_DISABLE=1 npx prisma generate

FROM clone AS page
RUN npx vite build apps/dashboard --logLevel error

# The set-up fetches native TensorFlow with pip and compiles the addon over it.
FROM clone AS native
# Versions are those of the Debian release; nothing of them reaches the images.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates g++ python3 python3-pip \
  && rm -rf /var/lib/apt/lists/*
ENV COMPOUND_SEARCH_CACHE_DIR=/opt/compound-search/native

FROM native AS native-cpu
RUN node scripts/setup.mjs --cpu

FROM native AS native-gpu
RUN node scripts/setup.mjs --gpu

# What one program needs, and no development tool.
FROM sources AS api-dependencies
RUN deploy/install-dependencies.sh @compound-search/api

FROM sources AS worker-dependencies
RUN deploy/install-dependencies.sh @compound-search/worker

FROM node:22-bookworm-slim AS base
ENV NODE_ENV=production \
  COMPOUND_SEARCH_CACHE_DIR=/var/cache/compound-search \
  COMPOUND_SEARCH_TRAINING_FOLDER=/var/lib/compound-search/trainings \
  COMPOUND_SEARCH_DATA_ROOT=/datasets
# A volume that is mounted at one of these takes its owner from it.
RUN install -d -o node -g node /var/cache/compound-search /var/lib/compound-search/trainings /datasets
WORKDIR /opt/compound-search/app
# By number, so that Kubernetes can tell that it is not root: this is `node` of the base image.
USER 1000:1000

FROM base AS api
COPY --from=api-dependencies /opt/compound-search/app ./
COPY --from=clone /opt/compound-search/app/packages/store/src/generated packages/store/src/generated
COPY --from=page /opt/compound-search/app/apps/dashboard/dist apps/dashboard/dist
EXPOSE 3210
CMD ["node", "--import", "tsx", "apps/api/src/main.ts"]

FROM base AS worker-base
COPY --from=worker-dependencies /opt/compound-search/app ./
COPY --from=clone /opt/compound-search/app/packages/store/src/generated packages/store/src/generated
EXPOSE 9464
CMD ["node", "--import", "tsx", "apps/worker/src/main.ts"]

# The addon is reached through a link, so the library keeps the path that it had in the build.
FROM worker-base AS worker-gpu
COPY --from=native-gpu /opt/compound-search/native/tensorflow /opt/compound-search/native/tensorflow
COPY --from=native-gpu /opt/compound-search/app/node_modules/@tensorflow/tfjs-node-gpu/lib node_modules/@tensorflow/tfjs-node-gpu/lib
# The driver is the host's: its container runtime mounts it where these ask for it.
ENV NVIDIA_VISIBLE_DEVICES=all \
  NVIDIA_DRIVER_CAPABILITIES=compute,utility \
  CUDA_CACHE_PATH=/var/cache/compound-search/cuda

FROM worker-base AS worker
COPY --from=native-cpu /opt/compound-search/native/tensorflow /opt/compound-search/native/tensorflow
COPY --from=native-cpu /opt/compound-search/app/node_modules/@tensorflow/tfjs-node-gpu/lib node_modules/@tensorflow/tfjs-node-gpu/lib
