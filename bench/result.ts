/** One measured number. `ratio` is ours / baseline, both taken in the same run; `budget` is the promise in words. */
export type Result = {
  name: string
  unit: string
  ours: number
  baseline?: number
  ratio?: number
  budget: string
  ok: boolean
}

export type Bench = () => Promise<Result[]>
