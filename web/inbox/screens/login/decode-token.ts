export interface DecodedToken {
  header: Record<string, unknown> | undefined
  payload: Record<string, unknown> | undefined
}

/** Reads what can be read; proves nothing. */
export function decodeToken(token: string): DecodedToken {
  const [head = '', body = ''] = token.trim().split('.', 2)
  return { header: readSegment(head), payload: readSegment(body) }
}

function readSegment(segment: string): Record<string, unknown> | undefined {
  try {
    const bytes = Uint8Array.from(atob(segment.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
