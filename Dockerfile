# For compose.yaml: the fluentmeet command, built from this clone.
FROM node:22-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build
USER node
ENTRYPOINT ["node", "dist/bin/fluentmeet.js"]
