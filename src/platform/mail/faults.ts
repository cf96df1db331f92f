export type MailFault =
  | 'not_configured'
  | 'address_invalid'
  | 'header_invalid'
  | 'unreachable'
  | 'tls'
  | 'timeout'
  | 'login_refused'
  | 'rejected'
  | 'failed'

const SENTENCES: Record<string, [MailFault, string]> = {
  EDNS: ['unreachable', 'The name of the mail server cannot be resolved'],
  ECONNECTION: ['unreachable', 'The mail server cannot be reached'],
  ECONNREFUSED: ['unreachable', 'The mail server cannot be reached'],
  ESOCKET: ['unreachable', 'The connection to the mail server broke'],
  ETIMEDOUT: ['timeout', 'The mail server did not answer in time'],
  ETLS: ['tls', 'The mail server offers no TLS that can be trusted'],
  EAUTH: ['login_refused', 'The mail server refused our user name and password'],
  ENOAUTH: ['login_refused', 'The mail server wants a user name and password'],
  EENVELOPE: ['rejected', 'The mail server refused the sender or the recipient'],
  EMESSAGE: ['rejected', 'The mail server refused the message'],
}

/** In our words, with the server's number: its own text may repeat addresses or commands. */
export function faultOf(error: unknown): { fault: MailFault; detail: string } {
  const { code, responseCode } = partsOf(error)
  const [fault, sentence] = SENTENCES[code] ?? ['failed', 'The mail could not be sent']
  return { fault, detail: `${sentence} (${[code, responseCode].filter(Boolean).join(' ')}).` }
}

function partsOf(error: unknown): { code: string; responseCode: number | undefined } {
  if (!(error instanceof Error)) return { code: 'unknown', responseCode: undefined }
  return {
    code: 'code' in error && typeof error.code === 'string' ? error.code : 'unknown',
    responseCode: 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : undefined,
  }
}
