import { Dialog } from '#web/ui/dialog.tsx'
import { Switch } from '#web/ui/field.tsx'
import { areKeysOn, isHelpOpen, switchKeys } from '#web/inbox/key-switches.ts'
import { shortcuts } from '#web/inbox/keyboard.ts'

export function ShortcutHelp() {
  if (!isHelpOpen.value) return null
  return (
    <Dialog title="Keyboard shortcuts" onClose={() => (isHelpOpen.value = false)}>
      <div class="stack">
        <dl class="shortcuts">
          {shortcuts.map(({ keys, title }) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>
                {keys.map((key, index) => (
                  <>
                    {index > 0 && <span class="quiet"> then </span>}
                    <kbd>{key}</kbd>
                  </>
                ))}
              </dd>
            </div>
          ))}
        </dl>
        <Switch
          label="Single keys are shortcuts"
          name="keys"
          isOn={areKeysOn.value}
          hint="Switch this off if you dictate to your computer."
          onChange={switchKeys}
        />
      </div>
    </Dialog>
  )
}
