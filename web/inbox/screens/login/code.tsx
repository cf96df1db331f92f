import { useState } from 'preact/hooks'
import type { KeysAnswer, SnippetAnswer, StacksAnswer } from '#shared/login-settings.ts'
import { Button } from '#web/ui/button.tsx'
import { SelectField } from '#web/ui/field.tsx'
import { Loaded, useLoad } from '#web/ui/load.tsx'
import { Badge } from '#web/ui/states.tsx'
import { SectionHead } from './section-head.tsx'

const REMEMBERED = 'latchkey-stack'

/** The code that a company adds to its app, written for its stack, host and key. */
export function CodeTab() {
  const stacks = useLoad<StacksAnswer>('/app/login/snippets')
  const keys = useLoad<KeysAnswer>('/app/login/keys')
  const [stack, setStack] = useState(sessionStorage.getItem(REMEMBERED) ?? 'node')
  const [kid, setKid] = useState<string>()
  const live = keys.answer?.keys.filter(({ retired_at }) => retired_at === null) ?? []
  const chosen = kid ?? live.at(-1)?.kid
  return (
    <div class="stack wide">
      <section class="stack">
        <SectionHead title="Add it to your app">
          Two files for your backend and a few lines for your pages. The secret stays in <code>MESSENGER_SECRET</code>, on your server.
        </SectionHead>
        <Loaded load={stacks}>
          {({ stacks }) => (
            <div class="code-choice">
              <SelectField
                label="Stack"
                name="stack"
                value={stack}
                options={stacks.map(({ stack, name }) => ({ value: stack, label: name }))}
                onChange={(next) => {
                  sessionStorage.setItem(REMEMBERED, next)
                  setStack(next)
                }}
              />
              {live.length > 0 && (
                <SelectField
                  label="Key"
                  name="kid"
                  value={chosen ?? ''}
                  options={live.map(({ kid, name }) => ({ value: kid, label: `${name} (${kid})` }))}
                  onChange={setKid}
                />
              )}
            </div>
          )}
        </Loaded>
        {(keys.answer || keys.failure) && <Snippet key={`${stack} ${chosen}`} stack={stack} kid={chosen} />}
      </section>
    </div>
  )
}

function Snippet({ stack, kid }: { stack: string; kid: string | undefined }) {
  const load = useLoad<SnippetAnswer>(`/app/login/snippets/${stack}${kid === undefined ? '' : `?kid=${kid}`}`)
  return (
    <Loaded load={load}>
      {({ files, is_run }) => (
        <>
          <p class="small quiet">
            {is_run ? <Badge tone="good">run</Badge> : <Badge tone="waiting">not run</Badge>}{' '}
            {is_run
              ? 'Our tests run the signing file as it stands here, and its token opens a session.'
              : 'Written with care, but not run by our tests. Try its token in the token tester.'}
          </p>
          {files.map((file) => (
            <CodeFile key={file.path} file={file} />
          ))}
        </>
      )}
    </Loaded>
  )
}

function CodeFile({ file: { path, says, code } }: { file: SnippetAnswer['files'][number] }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(code)
    setCopied(true)
    setTimeout(() => setCopied(false), 2500)
  }
  return (
    <figure class="code-file">
      <figcaption>
        <div>
          <b class="code">{path}</b>
          <p class="quiet small">{says}</p>
        </div>
        <Button icon={isCopied ? 'check' : 'copy'} label={`Copy ${path}`} onClick={copy}>
          {isCopied ? 'Copied' : 'Copy'}
        </Button>
      </figcaption>
      <pre tabIndex={0} aria-label={path}>
        <code>{code}</code>
      </pre>
    </figure>
  )
}
