import type { Expected } from '#errors'

/** What only the REST API answers; its clients know these from the API they were written for. */
export const apiErrors = {
  client_error: { status: 400, sentence: 'The request cannot be understood.', cure: 'Compare with the documentation of this address.' },
  intercom_version_invalid: {
    status: 400,
    sentence: 'The requested version could not be found',
    cure: 'Send an Intercom-Version from 2.0 to 2.16, or none.',
  },
  conversation_not_found: { status: 404, sentence: 'Conversation not found', cure: 'Check the id.' },
  ticket_not_found: { status: 404, sentence: 'Ticket not found', cure: 'Check the id.' },
  ticket_state_id_invalid: { status: 400, sentence: 'The ticket state does not exist here.', cure: 'List them: GET /api/ticket_states' },
  invalid_ticket_type: { status: 400, sentence: 'The ticket type does not exist here.', cure: 'List them: GET /api/ticket_types' },
  admin_not_found: { status: 404, sentence: 'Admin not found', cure: 'Use the id of a teammate of this workspace.' },
} as const satisfies Record<string, Expected>
