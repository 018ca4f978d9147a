# The fluentmeet command as an image: about 180 MB, no shell, a plain user, nothing to write to.
#   docker build -t fluentmeet-signup .
#   docker run --read-only --env-file fluentmeet.env fluentmeet-signup serve
FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:22-slim AS modules
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund
# The optional ones that a server wants, as the lockfile has them: mails, shared limits, passwordMinScore, the challenge.
COPY --from=build /app/node_modules/nodemailer node_modules/nodemailer
COPY --from=build /app/node_modules/@redis/client node_modules/@redis/client
COPY --from=build /app/node_modules/altcha-lib node_modules/altcha-lib
COPY --from=build /app/node_modules/@zxcvbn-ts node_modules/@zxcvbn-ts
COPY --from=build /app/node_modules/fastest-levenshtein node_modules/fastest-levenshtein
# Nothing of it is loaded.
RUN find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.md' \) -delete

FROM gcr.io/distroless/nodejs22-debian12:nonroot
WORKDIR /app
# The admin port has no log-in: nothing but metrics and health is on it, and whoever publishes it says to whom.
ENV NODE_ENV=production HOST=0.0.0.0 FLUENTMEET_ADMIN_HOST=0.0.0.0 FLUENTMEET_ADMIN_PORT=9464
COPY package.json ./
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/dist dist
EXPOSE 3000 9464
HEALTHCHECK --interval=10s --start-period=30s \
  CMD ["/nodejs/bin/node", "-e", "fetch(`http://127.0.0.1:${process.env.FLUENTMEET_ADMIN_PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/nodejs/bin/node", "dist/bin/fluentmeet.js"]
CMD ["--help"]
