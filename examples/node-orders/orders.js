import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/** Orders in a file with one JSON value a line, which is only ever appended to. */
export class Orders {
  constructor(file) {
    this.file = file
    this.orders = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line)) : []
  }

  get count() {
    return this.orders.length
  }

  all() {
    return this.orders
  }

  add({ item, quantity }) {
    const order = { number: this.count + 1, item, quantity }
    appendFileSync(this.file, `${JSON.stringify(order)}\n`)
    this.orders.push(order)
    return order
  }
}
