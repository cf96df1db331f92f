import { compare, fire, type Request } from './load.ts'
import { onEachDatabase, signInPeople, startTwin } from './place.ts'
import { compared, type Bench, type Result } from './result.ts'
import { typicalArticle } from './typical-article.ts'

const SIGNED_IN = 100

export const bench: Bench = () =>
  onEachDatabase(async (place) => {
    const path = await typicalArticle(place)
    const asBrowser = { host: place.headers['host'] ?? '', 'accept-encoding': 'gzip, deflate, br' }
    const people = await signInPeople(place, SIGNED_IN)
    const readers: [string, Request[]][] = [
      ['signed out', [{ path, headers: asBrowser }]],
      ['signed in', people.map(({ cookie }) => ({ path, headers: { ...asBrowser, cookie } }))],
    ]
    const results: Result[] = []
    for (const [name, requests] of readers) {
      const [sample] = requests
      if (!sample) throw new Error('Nobody reads.')
      const twin = await startTwin(place, sample)
      const comparison = await compare(fire({ url: place.url, requests }), fire({ url: twin.url, requests }))
      twin.stop()
      results.push(compared(`article page, ${name} · ${place.database}`, comparison, { share: 0.5, of: 'bare node:http' }))
    }
    return results
  })
