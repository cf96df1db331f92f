import type { Bench } from './result.ts'

const [file] = process.argv.slice(2)
if (!file) throw new Error('Name the bench file.')
const { bench } = (await import(file)) as { bench: Bench }
process.send?.(await bench())
process.exit()
