const NAMES = ['jwt', 'return_to', 'state']

/** What stands behind the `#` of a sign-in address: `jwt`, and if given `return_to` and `state`; undefined without a token. */
export function readFragment(hash: string): Record<string, string> | undefined {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const fields = NAMES.flatMap((name) => {
    const value = given.get(name)
    return value === null || value === '' ? [] : [[name, value]]
  })
  return given.get('jwt') ? (Object.fromEntries(fields) as Record<string, string>) : undefined
}
