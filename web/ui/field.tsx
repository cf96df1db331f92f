import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface FieldProps {
  label: string
  name: string
  hint?: ComponentChildren
  /** What is wrong with what was typed. */
  problem?: string | undefined
}

interface TextFieldProps extends FieldProps {
  type?: 'text' | 'email' | 'password' | 'url' | 'search' | 'number'
  value?: string
  autocomplete?: string
  inputmode?: 'numeric'
  placeholder?: string
  isOptional?: boolean
  isCode?: boolean
  lines?: number
  onInput?: (value: string) => void
}

/** A label, one line (or `lines`) of text, a hint, and what is wrong with it. Read it by its name with `valuesOf`. */
export function TextField({ label, hint, problem, isOptional = false, isCode = false, lines, onInput, ...input }: TextFieldProps) {
  const id = useId()
  const about = [hint !== undefined && `${id}-hint`, problem !== undefined && `${id}-problem`].filter(Boolean).join(' ')
  const shared = {
    ...{ id, name: input.name, placeholder: input.placeholder, required: !isOptional, class: isCode ? 'code' : undefined },
    ...{ 'aria-invalid': problem === undefined ? undefined : ('true' as const), 'aria-describedby': about || undefined },
    ...{ autocomplete: input.autocomplete ?? 'off', inputmode: input.inputmode, spellcheck: !isCode },
  }
  // Preact's types tell the kinds of input apart; one that varies fits none of them.
  const kind = { type: input.type ?? 'text' } as { type: 'text' }
  return (
    <div class="field">
      <label for={id}>
        {label}
        {isOptional && <span class="quiet"> (optional)</span>}
      </label>
      {lines === undefined ? (
        <input {...shared} {...kind} defaultValue={input.value} onInput={(event) => onInput?.(event.currentTarget.value)} />
      ) : (
        <textarea {...shared} rows={lines} defaultValue={input.value} onInput={(event) => onInput?.(event.currentTarget.value)} />
      )}
      <FieldNotes id={id} hint={hint} problem={problem} />
    </div>
  )
}

interface SelectFieldProps<Value extends string> extends FieldProps {
  value?: Value
  options: readonly { value: Value; label: string }[]
  onChange?: (value: Value) => void
  isLabelHidden?: boolean
}

export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { label, name, hint, problem, value, options, onChange, isLabelHidden = false } = props
  const id = useId()
  return (
    <div class="field">
      <label for={id} class={isLabelHidden ? 'unseen' : undefined}>
        {label}
      </label>
      <select
        id={id}
        name={name}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        value={value}
        onChange={(event) => onChange?.(event.currentTarget.value as Value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
      <FieldNotes id={id} hint={hint} problem={problem} />
    </div>
  )
}

interface SwitchProps {
  label: string
  name: string
  isOn: boolean
  hint?: ComponentChildren
  onChange: (isOn: boolean) => void
}

export function Switch({ label, name, isOn, hint, onChange }: SwitchProps) {
  const id = useId()
  return (
    <div class="field switch">
      <input
        id={id}
        name={name}
        type="checkbox"
        role="switch"
        checked={isOn}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      <FieldNotes id={id} hint={hint} problem={undefined} />
    </div>
  )
}

function FieldNotes({ id, hint, problem }: { id: string; hint: ComponentChildren; problem: string | undefined }) {
  return (
    <>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem !== undefined && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </>
  )
}

/** What a form holds, by the names of its fields. */
export function valuesOf(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value : '']))
}
