import type { HostRow } from '#shared/login-settings.ts'
import { api } from '#web/ui/api.ts'
import { Button } from '#web/ui/button.tsx'
import { CopyText } from '#web/ui/copy-once.tsx'
import { Time } from '#web/ui/states.tsx'
import { toast } from '#web/ui/toast.tsx'
import { useLive } from './live.ts'

const LOOK_EVERY_MS = 20_000

interface HostProofProps {
  host: HostRow
  mayWrite: boolean
  reload: () => Promise<void>
}

/** What to publish so that a host is served, and what was found of it; it looks by itself while the page is open. */
export function HostProof({ host: { host, proof }, mayWrite, reload }: HostProofProps) {
  const check = async () => {
    const { proved_by } = await api<HostRow>('POST', `/app/login/hosts/${encodeURIComponent(host)}/checks`, {})
    if (proved_by !== null) toast(`${host} is yours, and served from now on.`)
    await reload()
  }
  useLive(async () => mayWrite && check(), LOOK_EVERY_MS)
  if (!proof) return null
  return (
    <section class="panel proof" aria-label={`Proof for ${host}`}>
      <h3>Prove that {host} is yours, in one of two ways</h3>
      <div class="ways">
        <div class="stack tight">
          <h4>A DNS record</h4>
          <CopyText label="TXT record at" text={proof.txt_name} />
          <CopyText label="with the value" text={proof.txt_value} />
          <Found answer={proof.dns_answer} />
        </div>
        <div class="stack tight">
          <h4>A file, before the host points here</h4>
          <CopyText label="File at" text={proof.file_url} />
          <CopyText label="with the content" text={proof.file_text} />
          <Found answer={proof.file_answer} />
        </div>
      </div>
      {mayWrite && (
        <div class="actions">
          <Button look="primary" onClick={check}>
            Check now
          </Button>
          <span class="quiet small">
            {proof.checked_at === null ? (
              'Not looked for yet.'
            ) : (
              <>
                Looked for <Time at={proof.checked_at} />.
              </>
            )}{' '}
            It looks again by itself.
          </span>
        </div>
      )}
    </section>
  )
}

const Found = ({ answer }: { answer: string | null }) =>
  answer === null ? null : (
    <p class="found" role="status">
      {answer}
    </p>
  )
