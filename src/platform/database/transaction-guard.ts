import { AsyncLocalStorage } from 'node:async_hooks'

const openOn = new AsyncLocalStorage<object>()

/** Runs a transaction's body so that a query on the outer connection inside it throws instead of waiting for ever. */
export function insideTransaction<T>(driver: object, body: () => Promise<T>): Promise<T> {
  return openOn.run(driver, body)
}

export function refuseInsideTransaction(driver: object): void {
  if (openOn.getStore() === driver) {
    throw new Error('A query inside a transaction must go through the transaction, not through the outer database.')
  }
}
