const fs = require('node:fs');
const http = require('node:http');

const quotes = JSON.parse(fs.readFileSync(`${__dirname}/quotes.json`, 'utf8'));
const counter = `${process.env.DATA_DIR || '/data'}/served`;

const server = http.createServer((request, response) => {
  if (request.url === '/healthz') return response.end('ok\n');
  const served = fs.existsSync(counter) ? Number(fs.readFileSync(counter, 'utf8')) : 0;
  fs.writeFileSync(counter, String(served + 1));
  response.end(`${quotes[served % quotes.length]}\n`);
});

server.listen(Number(process.env.PORT || 80));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
