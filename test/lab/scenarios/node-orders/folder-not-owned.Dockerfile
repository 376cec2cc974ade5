FROM dhi.io/node:22-alpine3.24-dev AS build

ENV NODE_ENV=production
WORKDIR /usr/src/app
COPY package*.json ./
RUN npm ci --omit=dev
COPY . .
RUN mkdir -p data

FROM dhi.io/node:22-alpine3.24

ENV NODE_ENV=production
WORKDIR /usr/src/app
COPY --from=build /usr/src/app /usr/src/app
EXPOSE 3000
CMD ["node", "server.js"]
