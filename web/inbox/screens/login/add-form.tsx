import { useState } from 'preact/hooks'
import { TextField } from '#web/ui/field.tsx'
import { Form } from '#web/ui/form.tsx'

interface AddFormProps {
  label: string
  name: string
  submit: string
  onAdd: (value: string) => Promise<void>
}

/** One address and a button; empty again once it was added. */
export function AddForm({ label, name, submit, onAdd }: AddFormProps) {
  const [round, setRound] = useState(0)
  return (
    <div class="add-row" key={round}>
      <Form
        submit={submit}
        onSubmit={async (values) => {
          await onAdd(values[name] ?? '')
          setRound(round + 1)
        }}
      >
        {(problemOf) => <TextField label={label} name={name} type="url" isCode placeholder="https://" problem={problemOf(name)} />}
      </Form>
    </div>
  )
}
