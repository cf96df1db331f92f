import { readFileSync } from 'node:fs'

export type Person = {
  user_id: string
  name: string
  email: string
  password: string
  company: { company_id: string; name: string; plan: string }
}

/** The users of this app. A real one has a database and hashed passwords. */
export function listPeople(company: string): Person[] {
  const people = JSON.parse(readFileSync(new URL('people.json', import.meta.url), 'utf8')) as Record<string, Person[]>
  return people[company] ?? people['Acme'] ?? []
}
