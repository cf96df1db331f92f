import { Failure } from '#errors'

/** The minor number of a 2.x version; 1.x counts as 2.0. */
export type ApiVersion = number

export const NEWEST: ApiVersion = 16
/** From here on unassigned is 0, a ticket's assignees are integers and priorities have five levels. */
export const WITH_LEVELS: ApiVersion = 16

/** Reads `Intercom-Version`; the official Node SDK sends 2.14. */
export function readVersion(header: string | string[] | undefined): ApiVersion {
  if (header === undefined || header === '') return NEWEST
  const given = String(header)
  if (given === 'Preview' || given === 'Unstable') return NEWEST
  if (/^1\.[0-4]$/.test(given)) return 0
  const minor = /^2\.(\d|1\d)$/.exec(given)?.[1]
  if (minor === undefined || Number(minor) > NEWEST) throw new Failure('intercom_version_invalid')
  return Number(minor)
}
