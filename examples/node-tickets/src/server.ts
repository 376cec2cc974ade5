import { createServer, type IncomingMessage } from 'node:http'
import { Tickets } from './tickets.js'

const tickets = new Tickets()

const server = createServer(async (request, response) => {
  const answer = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  if (request.url === '/health') return answer(200, { status: 'ok' })
  if (request.url === '/tickets' && request.method === 'GET') return answer(200, tickets.open())
  if (request.url === '/tickets' && request.method === 'POST') return answer(201, tickets.add(await text(request)))
  answer(404, { error: 'not found' })
})

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

server.listen(3000, () => console.log('tickets on 3000'))
process.on('SIGTERM', () => server.close())
