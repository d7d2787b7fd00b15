import { ApiError, NetworkError, refusalOf } from './errors';

/** What a request needs to know of the one who makes it. */
export interface Caller {
  /** The bearer token, or null when nobody is signed in. */
  token(): string | null;
  /** Of the live connection, so that it is not told of what it has caused itself. */
  socketId(): string | undefined;
  /** The server no longer knows the token that a request was made with. */
  tokenRefused(token: string): void;
}

type Query = Record<string, string | number | undefined>;

/** Requests wait this long for an answer, in milliseconds. */
const answerTimeout = 30_000;

/**
 * Parley's REST API. Every method rejects with an ApiError for a refusal, a NetworkError without an answer, and an AbortError
 * when the answer is no longer wanted: through a signal, or because the session has ended meanwhile.
 */
export class Api {
  constructor(private readonly caller: Caller) {}

  get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return this.request<T>('GET', path + queryString(query), undefined, {}, signal);
  }

  post<T>(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    return this.request<T>('POST', path, body, headers);
  }

  put<T>(path: string, body?: unknown): Promise<T> {
    return this.request<T>('PUT', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.request<T>('PATCH', path, body);
  }

  delete<T = void>(path: string): Promise<T> {
    return this.request<T>('DELETE', path);
  }

  /** The bytes of a file, which needs the token that an address must not carry. */
  blob(path: string): Promise<Blob> {
    // Its head comes in time; how long a large file takes is another matter.
    return this.ask('GET', path, {}, (answer, endTimeout) => {
      endTimeout();
      return answer.blob();
    });
  }

  /**
   * Uploads a file; `progress` gets the part that has left, 0 to 1. Ends early, with an AbortError, through
   * `signal`. `fetch` tells nothing of an upload's progress.
   */
  upload<T>(
    path: string,
    file: Blob,
    name: string,
    progress: (part: number) => void,
    signal?: AbortSignal,
  ): Promise<T> {
    const form = new FormData();
    form.append('file', file, name);
    const token = this.caller.token();
    return new Promise<T>((resolve, reject) => {
      const settle = (text: string) => {
        try {
          resolve(JSON.parse(text) as T);
        } catch (error) {
          reject(new NetworkError(error)); // A proxy's page.
        }
      };
      const request = new XMLHttpRequest();
      request.open('POST', path);
      for (const [field, value] of Object.entries(this.headers())) request.setRequestHeader(field, value);
      request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
      request.onload = () => {
        if (this.caller.token() !== token) return reject(noLongerWanted());
        if (request.status < 300) return settle(request.responseText);
        this.checkToken(request.status, token);
        reject(refusalOf(request.status, request.responseText, request.getResponseHeader('Retry-After')));
      };
      request.onerror = () => reject(new NetworkError());
      request.onabort = () => reject(new DOMException('The upload was ended', 'AbortError'));
      signal?.addEventListener('abort', () => request.abort());
      request.send(form);
    });
  }

  private request<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<T> {
    const init: RequestInit = { headers };
    if (body !== undefined) {
      init.headers = { ...headers, 'Content-Type': 'application/json' };
      init.body = JSON.stringify(body);
    }
    const read = async (answer: Response) => (answer.status === 204 ? undefined : await answer.json()) as T;
    return this.ask(method, path, init, read, signal);
  }

  private async ask<T>(
    method: string,
    path: string,
    init: RequestInit,
    read: (answer: Response, endTimeout: () => void) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    if (signal?.aborted) throw noLongerWanted();
    const token = this.caller.token();
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), answerTimeout);
    const end = () => timeout.abort();
    signal?.addEventListener('abort', end);
    try {
      const answer = await fetch(path, {
        ...init,
        method,
        headers: { ...this.headers(), ...(init.headers as Record<string, string>) },
        signal: timeout.signal,
        credentials: 'omit',
        cache: 'no-store',
      });
      if (answer.ok) {
        const result = await read(answer, () => clearTimeout(timer));
        if (this.caller.token() === token) return result;
        throw noLongerWanted();
      }
      this.checkToken(answer.status, token);
      throw refusalOf(answer.status, await answer.text(), answer.headers.get('Retry-After'));
    } catch (error) {
      if (error instanceof ApiError) throw error;
      // What was asked for by somebody who is signed out meanwhile is nobody's business any more.
      throw signal?.aborted || this.caller.token() !== token ? noLongerWanted() : new NetworkError(error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    }
  }

  private headers(): Record<string, string> {
    const token = this.caller.token();
    const socketId = this.caller.socketId();
    return {
      Accept: 'application/json',
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(socketId && { 'X-Socket-ID': socketId }),
    };
  }

  private checkToken(status: number, token: string | null): void {
    if (status === 401 && token) this.caller.tokenRefused(token);
  }
}

const noLongerWanted = () => new DOMException('No longer wanted', 'AbortError');

function queryString(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`;
}
