/** The server has refused a request. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /** Stable, for programs: `not_found`, `other_left`. */
    readonly code: string,
    message: string,
    /** By field, of 422. */
    readonly fields: Record<string, string[]>,
    /** After how many seconds the request may be tried again; of 429 and 503. */
    readonly retryAfter: number | null,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** Whether the same request may succeed later. */
  get isTemporary(): boolean {
    return this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** No answer has come: no connection, or it broke. The request may have been carried out. */
export class NetworkError extends Error {
  constructor(cause?: unknown) {
    super('No answer from the server', { cause });
    this.name = 'NetworkError';
  }
}

/** Whether trying the same request again later makes sense. */
export const isTemporary = (error: unknown): boolean =>
  error instanceof NetworkError || (error instanceof ApiError && error.isTemporary);

/** Whether something was ended on purpose, of which nobody needs to be told. */
export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

interface Refusal {
  message?: unknown;
  code?: unknown;
  errors?: unknown;
}

/** The refusal that an answer with `status` and `text` is. A body that is no refusal of ours leaves the status. */
export function refusalOf(status: number, text: string, retryAfter: string | null): ApiError {
  let refusal: Refusal = {};
  try {
    refusal = (JSON.parse(text) ?? {}) as Refusal;
  } catch {
    // A proxy's page: the status says enough.
  }
  const seconds = Number(retryAfter ?? NaN);
  return new ApiError(
    status,
    typeof refusal.code === 'string' ? refusal.code : `http_${status}`,
    typeof refusal.message === 'string' ? refusal.message : `The server answered ${status}.`,
    (refusal.errors ?? {}) as Record<string, string[]>,
    Number.isFinite(seconds) ? seconds : null,
  );
}
