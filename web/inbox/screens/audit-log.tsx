import { useState } from 'preact/hooks'
import type { AuditAnswer, AuditRow } from '#shared/inbox.ts'
import { PageHead } from '#web/inbox/shell/page-head.tsx'
import { api } from '#web/ui/api.ts'
import { Button } from '#web/ui/button.tsx'
import { Loaded, useLoad } from '#web/ui/load.tsx'
import { Empty } from '#web/ui/states.tsx'
import { Table, type Column } from '#web/ui/table.tsx'
import { sentenceOf } from './audit-sentences.ts'

const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

const columns: Column<AuditRow>[] = [
  { title: 'What', cell: ({ action }) => sentenceOf(action) },
  { title: 'About', cell: ({ subject, detail }) => [subject, detail].filter(Boolean).join(' · ') || '–' },
  { title: 'Who', cell: ({ teammate }) => teammate ?? <span class="quiet">nobody known</span> },
  { title: 'From', cell: ({ address }) => address ?? '–' },
  { title: 'When', cell: ({ at }) => <time dateTime={new Date(at).toISOString()}>{time.format(at)}</time> },
]

export function AuditLogScreen() {
  const load = useLoad<AuditAnswer>('/app/audit-log')
  const [older, setOlder] = useState<AuditAnswer[]>([])
  const more = async (before: number) => setOlder([...older, await api<AuditAnswer>('GET', `/app/audit-log?before=${before}`)])
  return (
    <>
      <PageHead title="Audit log" lead="Sign-ins, and every change of who may do what. Kept for 400 days." />
      <Loaded load={load}>
        {(first) => {
          const pages = [first, ...older]
          const before = pages.at(-1)?.before ?? null
          return first.entries.length === 0 ? (
            <Empty icon="list" title="Nothing has happened yet" />
          ) : (
            <div class="stack wide">
              <Table caption="Audit log" columns={columns} rows={pages.flatMap(({ entries }) => entries)} keyOf={({ id }) => id} />
              {before !== null && (
                <div class="actions">
                  <Button onClick={() => more(before)}>Show older lines</Button>
                </div>
              )}
            </div>
          )
        }}
      </Loaded>
    </>
  )
}
