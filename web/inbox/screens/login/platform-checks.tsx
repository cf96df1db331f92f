import type { LoginPlatform } from '#shared/login-settings.ts'
import { PLATFORM_NAMES, PLATFORMS } from './platforms.ts'

interface PlatformChecksProps {
  chosen: LoginPlatform[]
  onChange: (chosen: LoginPlatform[]) => void
}

export const PlatformChecks = ({ chosen, onChange }: PlatformChecksProps) => (
  <fieldset class="checks">
    <legend>Signs in users on</legend>
    {PLATFORMS.map((platform) => (
      <label key={platform}>
        <input
          type="checkbox"
          name={platform}
          checked={chosen.includes(platform)}
          onChange={(event) => {
            const isOn = event.currentTarget.checked
            onChange(PLATFORMS.filter((one) => (one === platform ? isOn : chosen.includes(one))))
          }}
        />
        {PLATFORM_NAMES[platform]}
      </label>
    ))}
    {chosen.length === 0 && <p class="problem">Choose at least one.</p>}
  </fieldset>
)
