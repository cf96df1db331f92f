import { accessCommands } from './access.ts'
import type { Command } from './command.ts'
import { doctor } from './doctor.ts'
import { keyCommands } from './keys.ts'
import { loader } from './loader.ts'
import { peopleCommands } from './people.ts'
import { providerCommands } from './providers.ts'
import { setup } from './setup.ts'
import { teammateCommands } from './teammates.ts'
import { workspaceCommands } from './workspaces.ts'

export { doctor }
export const commands: Command[] = [
  ...[setup, ...workspaceCommands, loader, ...keyCommands, ...accessCommands, ...providerCommands],
  ...[...teammateCommands, ...peopleCommands],
]
