import express from 'express'
import { Orders } from './orders.js'

const orders = new Orders('data/orders.jsonl')
const app = express()
app.use(express.json())

app.get('/health', (_request, response) => response.json({ status: 'ok', orders: orders.count }))
app.get('/orders', (_request, response) => response.json(orders.all()))
app.post('/orders', (request, response) => response.status(201).json(orders.add(request.body)))

const server = app.listen(process.env.PORT ?? 3000, () => console.log('orders on', server.address().port))
process.on('SIGTERM', () => server.close())
