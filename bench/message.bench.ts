import { randomUUID } from 'node:crypto'
import { writeBare, type Statement } from './bare-writes.ts'
import { compare, fire, type Request } from './load.ts'
import { onEachDatabase, signInPeople, type Place } from './place.ts'
import type { Bench } from './result.ts'

/** Enough that nobody meets the limit of 60 messages a minute. */
const SIGNED_IN = 800
const CONNECTIONS = 50
const AT_LEAST = 2000

interface Chat {
  id: number
  cookie: string
}

export const bench: Bench = () =>
  onEachDatabase(async (place) => {
    const chats = await openChats(place)
    let sent = 0
    const turn = () => chats[sent++ % chats.length] ?? { id: 0, cookie: '' }
    const ours = fire({ url: place.url, requests: () => messageOf(place, turn()) }, CONNECTIONS)
    const {
      ours: load,
      baseline,
      ratio,
    } = await compare(
      ours,
      writeBare(place.address, () => bareMessage(turn())),
    )
    const promised = place.database === 'SQLite'
    return [
      {
        ...{ name: `message posted · ${place.database}`, unit: 'per second', ours: load.perSecond, baseline: baseline.perSecond, ratio },
        ...{
          budget: promised ? `≥ ${AT_LEAST} per second` : 'beside the same writes by a bare loop',
          ok: !promised || load.perSecond >= AT_LEAST,
        },
      },
    ]
  })

async function openChats(place: Place): Promise<Chat[]> {
  const people = await signInPeople(place, SIGNED_IN)
  return Promise.all(
    people.map(async ({ cookie }) => {
      const { body } = await place.ask({ ...messageOf(place, { id: 0, cookie }), path: '/messenger/conversations' })
      const { conversation } = JSON.parse(body.toString()) as { conversation: { id: string } }
      return { id: Number(conversation.id), cookie }
    }),
  )
}

function messageOf({ headers }: Place, { id, cookie }: Chat): Request {
  return {
    ...{
      method: 'POST',
      path: `/messenger/conversations/${id}/parts`,
      headers: { ...headers, cookie, 'content-type': 'application/json' },
    },
    body: JSON.stringify({ client_id: randomUUID(), body: 'Good morning! I cannot find last month’s invoice.' }),
  }
}

/** The rows one message leaves: the conversation moves on, the part, the event that tells of it. */
function bareMessage({ id }: Chat): Statement[] {
  const now = Date.now()
  return [
    {
      sql: 'update conversations set last_sequence = last_sequence + 1, contact_seen_sequence = last_sequence + 1, updated_at = ? where id = ?',
      values: [now, id],
    },
    {
      sql: `insert into conversation_parts (workspace_id, conversation_id, sequence, part_type, body, author_type, author_id, client_id, created_at)
        select workspace_id, id, last_sequence, 'comment', '<p>Good morning! I cannot find last month’s invoice.</p>', 'user', contact_id, cast(? as text), updated_at from conversations where id = ?`,
      values: [randomUUID(), id],
    },
    {
      sql: `insert into events (workspace_id, topic, contact_id, conversation_id, visible_to_contact, data, created_at)
        select workspace_id, 'conversation.user.replied', contact_id, id, 1, '{"sequence":2,"part_id":2}', updated_at from conversations where id = ?`,
      values: [id],
    },
  ]
}
