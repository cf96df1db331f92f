type Brand<T, Name extends string> = T & { readonly __is: Name }

export type WorkspaceId = Brand<number, 'workspace'>
export type TeammateId = Brand<number, 'teammate'>
/** 24 hex digits, as the clients of the REST API expect. */
export type ContactId = Brand<string, 'contact'>
/** 24 hex digits; not the `company_id` that the customer's own system uses. */
export type CompanyId = Brand<string, 'company'>
export type HostId = Brand<number, 'host'>
export type SigningKeyId = Brand<number, 'signing key'>
export type ProviderId = Brand<number, 'provider'>
export type SessionId = Brand<number, 'session'>
export type TeammateSessionId = Brand<number, 'teammate session'>
export type InviteId = Brand<number, 'invite'>
export type ConversationId = Brand<number, 'conversation'>
export type PartId = Brand<number, 'part'>
export type TicketId = Brand<number, 'ticket'>
export type TicketTypeId = Brand<number, 'ticket type'>
export type TicketStateId = Brand<number, 'ticket state'>
export type TicketAttributeId = Brand<number, 'ticket attribute'>
export type HelpCenterId = Brand<number, 'help center'>
export type CollectionId = Brand<number, 'collection'>
export type ArticleId = Brand<number, 'article'>
export type AudienceId = Brand<number, 'audience'>

export type Platform = 'web' | 'ios' | 'android'
export type Enforcement = 'enforce' | 'report' | 'off'
/** Who stated a value; only `messenger` is unsigned. */
export type Source = 'token' | 'api' | 'teammate' | 'messenger'
/** What brings a session's secret: only `cookie` opens more than the Messenger. */
export type Carrier = 'cookie' | 'embedded' | 'bearer'
export type Role = 'visitor' | 'lead' | 'user'
export type TeammateRole = 'owner' | 'admin' | 'agent' | 'viewer'
/** Unix milliseconds, UTC. */
export type Instant = number
export type Flag = 0 | 1
