// A notice board: POST / puts a file up, GET / names those that hang there.
const { createServer } = require('node:http');
const { readdirSync, writeFileSync } = require('node:fs');

const server = createServer((request, response) => {
  if (request.method === 'POST') {
    let text = '';
    request.on('data', (part) => (text += part));
    request.on('end', () => {
      writeFileSync(`uploads/${text.length}.txt`, text);
      response.writeHead(201).end('up\n');
    });
    return;
  }
  response.end(`${process.env.BOARD_NAME}: ${readdirSync('uploads').join(' ')}\n`);
});
server.listen(Number(process.env.PORT));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
