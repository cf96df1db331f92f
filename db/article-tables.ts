import type { Generated } from 'kysely'
import type { ArticleId, AudienceId, CollectionId, Flag, HelpCenterId, Instant, TeammateId, WorkspaceId } from './columns.ts'

export interface AudiencesTable {
  id: Generated<AudienceId>
  workspace_id: WorkspaceId
  name: string
  visitors: Flag
  leads: Flag
  users: Flag
}

export interface AudienceRulesTable {
  id: Generated<number>
  workspace_id: WorkspaceId
  audience_id: AudienceId
  subject: 'contact' | 'company'
  attribute: string
  operator: '=' | '!=' | '<' | '>' | 'contains'
  value: string
}

export interface HelpCentersTable {
  id: Generated<HelpCenterId>
  workspace_id: WorkspaceId
  name: string
  default_locale: string
  created_at: Instant
  updated_at: Instant
}

export interface CollectionsTable {
  id: Generated<CollectionId>
  workspace_id: WorkspaceId
  help_center_id: HelpCenterId
  parent_id: CollectionId | null
  position: number
  created_at: Instant
  updated_at: Instant
}

export interface CollectionTranslationsTable {
  workspace_id: WorkspaceId
  collection_id: CollectionId
  locale: string
  name: string
  description: Generated<string>
  slug: string
}

export interface ArticlesTable {
  id: Generated<ArticleId>
  workspace_id: WorkspaceId
  collection_id: CollectionId | null
  audience_id: AudienceId | null
  author_id: TeammateId | null
  position: number
  created_at: Instant
  updated_at: Instant
}

export interface ArticleTranslationsTable {
  workspace_id: WorkspaceId
  article_id: ArticleId
  locale: string
  title: string
  description: Generated<string>
  slug: string
  markdown: string
  html: string
  state: 'draft' | 'published'
  published_at: Instant | null
  updated_at: Instant
}
