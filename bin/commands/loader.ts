import { listHosts } from '#domain/workspaces/workspaces.ts'
import { readAsset } from '#http/middleware/assets.ts'
import { pinnedPath } from '#http/messenger/scripts.ts'
import { readWorkspaceWords, UsageError, type Command } from './command.ts'

/** For pages that load no script without its hash. */
export const loader: Command = {
  name: ['loader'],
  usage: 'loader APP_ID',
  says: 'the Messenger’s script pinned to this build: its address, its sha384 and the tag',
  async run(context, words) {
    const { workspace } = await readWorkspaceWords(context, words, [], {})
    const hosts = await listHosts(context.db, workspace)
    const host = hosts.find(({ is_primary }) => is_primary === 1) ?? hosts[0]
    if (!host) throw new UsageError('This workspace has no host yet: latchkey host add APP_ID https://help.example.com')
    const asset = readAsset('messenger.js')
    const address = host.origin + pinnedPath(asset)
    context.print(`address     ${address}
integrity   ${asset.integrity}

<script src="${address}" integrity="${asset.integrity}" crossorigin="anonymous" defer></script>`)
  },
}
