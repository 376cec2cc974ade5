FROM dhi.io/node:22-debian13

WORKDIR /srv/board
COPY --chmod=755 --chown=node:node . ./

USER node
ENV PORT=3000
EXPOSE 3000
ENTRYPOINT ["./docker-entrypoint.sh"]
CMD ["node", "server.js"]
