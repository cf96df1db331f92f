import { signal } from '@preact/signals'

interface Question {
  check: (password: string) => Promise<unknown>
  settle: (isGiven: boolean) => void
}

export const question = signal<Question>()

/** Opens a dialog that asks for the teammate's password; true once `check` took it, false if they gave up. */
export function askPassword(check: Question['check']): Promise<boolean> {
  question.value?.settle(false)
  return new Promise((resolve) => {
    question.value = {
      check,
      settle(isGiven) {
        question.value = undefined
        resolve(isGiven)
      },
    }
  })
}
