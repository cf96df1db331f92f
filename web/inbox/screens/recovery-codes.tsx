import { useState } from 'preact/hooks'
import { Button } from '#web/ui/button.tsx'
import { Dialog } from '#web/ui/dialog.tsx'

/** Shown this once; only their hashes are kept. */
export function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(`${codes.join('\n')}\n`)
    setCopied(true)
    setTimeout(() => setCopied(false), 2500)
  }
  return (
    <Dialog title="Your recovery codes" onClose={onClose} isFirm>
      <div class="stack">
        <p>
          Each signs you in once, in place of a code of your app. They are shown this once: keep them where you do not keep your password,
          such as on paper.
        </p>
        <ul class="recovery-codes" aria-label="Recovery codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <div class="actions">
          <Button look="primary" onClick={onClose}>
            I have them
          </Button>
          <Button icon={isCopied ? 'check' : 'copy'} onClick={copy}>
            {isCopied ? 'Copied' : 'Copy all'}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
