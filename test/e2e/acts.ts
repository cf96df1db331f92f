import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core'
import { eventually } from './stage.ts'
import type { Demo, Person } from './demo.ts'

/** What people do: with the app, the Messenger and the Help Center. */
export async function logIn(page: Page, demo: Demo, person: Person): Promise<void> {
  await page.goto(`${demo.app_url}/login`)
  await fillInLogin(page, person)
  await launcherOf(page).waitFor()
  await eventually(() => userOf(page), person.user_id)
}

export async function fillInLogin(page: Page, person: Person): Promise<void> {
  await page.getByLabel('E-mail').fill(person.email)
  await page.getByLabel('Password').fill(person.password)
  await page.getByRole('button', { name: 'Log in' }).click()
}

/** A signed-in browser with a page of the app in it. */
export async function enterAs(context: BrowserContext, demo: Demo, person: Person): Promise<Page> {
  const page = await context.newPage()
  await logIn(page, demo, person)
  return page
}

export interface Whoami {
  role: string
  user_id: string | null
  email: string | null
  name: string | null
  claimed: boolean
}

/** Whom the Messenger of this page takes its reader for; null while nobody has booted. */
export function whoami(page: Page): Promise<Whoami | null> {
  return page.evaluate<Whoami | null>(`window.Intercom?.booted ? (Intercom('whoami') ?? null) : null`)
}

export async function userOf(page: Page): Promise<string | null> {
  return (await whoami(page))?.user_id ?? null
}

export function launcherOf(page: Page): Locator {
  return page.getByRole('button', { name: /^Messenger/ })
}

export function unreadLauncherOf(page: Page, count: number): Locator {
  return page.getByRole('button', { name: `Messenger (${count})`, exact: true })
}

export function messengerOf(page: Page): FrameLocator {
  return page.frameLocator('iframe[title="Messenger"]')
}

export async function openMessenger(page: Page): Promise<FrameLocator> {
  await launcherOf(page).click()
  const messenger = messengerOf(page)
  await messenger.getByRole('heading', { level: 1 }).waitFor()
  return messenger
}

/** Starts a conversation and waits until the server has it. */
export async function startConversation(page: Page, text: string): Promise<FrameLocator> {
  const messenger = await openMessenger(page)
  await messenger.getByRole('button', { name: 'Send us a message' }).click()
  await say(messenger, text)
  return messenger
}

export async function say(messenger: FrameLocator, text: string): Promise<void> {
  await messenger.getByLabel('Write a message…').fill(text)
  await messenger.getByRole('button', { name: 'Send', exact: true }).click()
  await messenger.getByRole('log').getByText(text).waitFor()
  await messenger.getByText(/^Sent · /).waitFor()
}

export interface Conversation {
  id: string
  source: { body: string; author: { id: string; type: string; name: string | null; email: string | null } }
  contacts: { contacts: { id: string; external_id: string | null }[] }
}

/** The teammates' view of the conversation that began with this text. */
export async function findConversation(demo: Demo, text: string): Promise<Conversation> {
  const { conversations } = await demo.api<{ conversations: Conversation[] }>('GET', '/conversations')
  const found = conversations.find(({ source }) => source.body.includes(text))
  if (!found) throw new Error(`No teammate can see “${text}”.`)
  return found
}

export async function answerAsTeammate(
  demo: Demo,
  { id }: { id: string },
  text: string,
  message_type: 'comment' | 'note' = 'comment',
): Promise<void> {
  await demo.api('POST', `/conversations/${id}/reply`, { type: 'admin', message_type, body: `<p>${text}</p>` })
}

/** The address of an article, as a signed-in reader finds it by search. */
export async function findArticle(page: Page, demo: Demo, title: string): Promise<string> {
  await page.goto(`${demo.help_url}/en/search?q=${encodeURIComponent(title)}`)
  const link = page
    .getByRole('main')
    .getByRole('link')
    .filter({ has: page.locator('strong', { hasText: new RegExp(`^${title}$`) }) })
  return new URL((await link.getAttribute('href')) ?? '', demo.help_url).href
}

export function personMenuOf(page: Page, person: Person): Locator {
  return page.getByRole('banner').getByText(person.name, { exact: true }).first()
}

export async function titlesOfTickets(page: Page): Promise<string[]> {
  return (await page.getByRole('main').getByRole('link').locator('strong').allTextContents()).toSorted()
}

/** The path of a ticket in somebody's own list. */
export async function findTicket(page: Page, demo: Demo, title: string): Promise<string> {
  await page.goto(`${demo.help_url}/tickets`)
  const href = await page.getByRole('main').getByRole('link').filter({ hasText: title }).getAttribute('href')
  return new URL(href ?? '', demo.help_url).href
}

/** What the portal answers this browser where nothing leads it on to a login: 200 for a user, 401 for everybody else. */
export async function portalStatus(context: BrowserContext, demo: Demo): Promise<number> {
  const page = await context.newPage()
  await page.goto(`${demo.help_url}/favicon.svg`)
  const status = await page.evaluate<number>(`fetch('/tickets').then((answer) => answer.status)`)
  await page.close()
  return status
}
