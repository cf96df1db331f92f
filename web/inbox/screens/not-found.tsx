import { Empty } from '#web/ui/states.tsx'
import { PageHead } from '#web/inbox/shell/page-head.tsx'

export const NotFoundScreen = () => (
  <>
    <PageHead title="Not found" />
    <Empty icon="alert" title="There is nothing at this address">
      <p>
        It may be something your role does not show. <a href="/settings">Go to the start</a>
      </p>
    </Empty>
  </>
)
