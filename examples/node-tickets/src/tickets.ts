import { nanoid } from 'nanoid'

export interface Ticket {
  readonly id: string
  readonly subject: string
}

export class Tickets {
  readonly #tickets: Ticket[] = []

  open(): readonly Ticket[] {
    return this.#tickets
  }

  add(subject: string): Ticket {
    const ticket = { id: nanoid(8), subject }
    this.#tickets.push(ticket)
    return ticket
  }
}
