/** The error table of the contract, section 2, as the routes' clients see it. */
export const contractErrors: Readonly<Record<string, number>> = {
  VALIDATION_ERROR: 400,
  INVALID_JSON: 400,
  MISSING_TOKEN: 400,
  INVALID_TOKEN: 400,
  TOKEN_EXPIRED: 400,
  SIGNUP_CLOSED: 403,
  INVITE_REQUIRED: 403,
  INVITE_INVALID: 403,
  METHOD_NOT_ALLOWED: 405,
  EMAIL_ALREADY_REGISTERED: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMIT_EXCEEDED: 429,
  SERVICE_UNAVAILABLE: 503,
};

const profileKeys =
  'created_at,email,full_name,id,is_active,is_verified,listening_language,speaking_language';

export interface Answer {
  status: number;
  headers: { get(name: string): string | null };
  text: string;
}

/** What about this JSON answer is not the contract's, or null. A 500 is never expected of a hostile client. */
export function contractFault({ status, headers, text }: Answer): string | null {
  const type = headers.get('content-type');
  if (type !== 'application/json; charset=utf-8') return `content type ${type}`;
  if (headers.get('cache-control') !== 'no-store') return 'may be cached';
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return `no JSON: ${text.slice(0, 100)}`;
  }
  if (typeof body !== 'object' || body === null) return `no object: ${text.slice(0, 100)}`;
  const record = body as Record<string, unknown>;
  if (status === 201) return keysOf(record) === profileKeys ? profileFault(record) : `keys ${keysOf(record)}`;
  if (status === 200 || status === 202) {
    return keysOf(record) === 'message,status' && record['status'] === 'ok' ? null : `keys ${keysOf(record)}`;
  }
  return errorFault(status, headers, record);
}

function errorFault(
  status: number,
  headers: Answer['headers'],
  record: Record<string, unknown>,
): string | null {
  if (keysOf(record) !== 'code,details,message,status') return `${status} with keys ${keysOf(record)}`;
  const { code, details, message } = record;
  if (record['status'] !== 'error' || typeof message !== 'string') return 'not an error body';
  if (contractErrors[code as string] !== status) return `${status} ${String(code)}`;
  if (!Array.isArray(details)) return 'details are no array';
  if ((code === 'VALIDATION_ERROR') !== details.length > 0) return `${details.length} details`;
  for (const detail of details as Record<string, unknown>[]) {
    if (keysOf(detail) !== 'code,field,message') return `detail keys ${keysOf(detail)}`;
    if (Object.values(detail).some((value) => typeof value !== 'string')) return 'detail types';
  }
  if (status === 405 && !headers.get('allow')) return '405 without Allow';
  if ((status === 429 || status === 503) && !/^[1-9]\d*$/.test(headers.get('retry-after') ?? '')) {
    return `${status} without Retry-After`;
  }
  return null;
}

function profileFault(profile: Record<string, unknown>): string | null {
  const { id, is_active: isActive, is_verified: isVerified, created_at: createdAt } = profile;
  if (!Number.isSafeInteger(id) || Number(id) < 1) return 'id is no positive number';
  if (isActive !== true || isVerified !== false) return 'a new account is active and unverified';
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(createdAt)) ? null : 'created_at';
}

function keysOf(record: object): string {
  return Object.keys(record).toSorted().join();
}
