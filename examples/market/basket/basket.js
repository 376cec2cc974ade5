const fs = require('node:fs');
const http = require('node:http');

const file = `${__dirname}/data/basket.json`;

http
  .createServer((request, response) => {
    if (request.url === '/health') return response.end('ok\n');
    const basket = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : [];
    if (request.method === 'POST') fs.writeFileSync(file, JSON.stringify([...basket, request.url.slice(1)]));
    response.end(`${JSON.stringify(basket)}\n`);
  })
  .listen(3000);
