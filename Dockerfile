# syntax=docker/dockerfile:1
# Two images from one file:
#   docker build --target gateway    -t passant-gateway .
#   docker build --target edge-agent -t passant-edge-agent .
# Sources run as they are: no build step, nothing compiles.

FROM node:24-bookworm-slim AS dependencies
WORKDIR /opt/passant
COPY package.json package-lock.json .npmrc ./
# The image brings Node 24 itself, so the packages that carry it are taken out again.
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force && rm -rf node_modules/node-linux-*

FROM node:24-bookworm-slim AS gateway
ENV NODE_ENV=production
WORKDIR /opt/passant
COPY --from=dependencies /opt/passant/node_modules ./node_modules
COPY package.json LICENSE ./
COPY gateway ./gateway
RUN install -d -o node -g node /var/lib/passant
USER node
VOLUME /var/lib/passant
EXPOSE 8080 1883
# Over HTTP, and where the gateway speaks TLS over that.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "const ask=(m,next)=>require('node:'+m).get({host:'127.0.0.1',port:process.env.PASSANT_PORT||8080,path:'/v1/health',rejectUnauthorized:false},(r)=>process.exit(r.statusCode===200?0:1)).on('error',next);ask('http',()=>ask('https',()=>process.exit(1)))"]
ENTRYPOINT ["node", "gateway/main.ts"]
# The page is open to the network; the broker stays on loopback until a configuration opens it, over TLS:
# deploy/compose has one.
CMD ["--data", "/var/lib/passant", "--host", "0.0.0.0"]

FROM node:24-bookworm-slim AS edge-agent
ENV NODE_ENV=production
# tcpdump and iw listen for WiFi probe requests where a site profile switches that on; udev names serial ports.
RUN apt-get update \
  && apt-get install -y --no-install-recommends gpiod iw tcpdump udev \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/passant
COPY --from=dependencies /opt/passant/node_modules ./node_modules
COPY package.json LICENSE ./
COPY gateway/contract ./gateway/contract
COPY hardware ./hardware
COPY edge-agent ./edge-agent
COPY calibration ./calibration
RUN install -d -o node -g node /var/lib/passant /run/passant
USER node
VOLUME /var/lib/passant
# The agent writes the open minute down every second; older than three minutes is unhealthy.
HEALTHCHECK --interval=60s --timeout=5s --start-period=180s \
  CMD ["node", "-e", "const a=Date.now()-require('node:fs').statSync('/run/passant/open-minutes.json').mtimeMs; process.exit(a<180000?0:1)"]
ENTRYPOINT ["node", "edge-agent/main.ts"]
CMD ["--config", "/etc/passant/agent.json"]
