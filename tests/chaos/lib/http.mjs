import http from 'node:http';

const patience = 30_000;

/** No whole answer came: whether the request was carried out is not known. */
export class Unanswered extends Error {}

/**
 * One HTTP request to 127.0.0.1: {status, headers, body}, JSON in it read. Throws Unanswered when the connection breaks
 * before the whole answer is there.
 */
export function ask({ port, agent, method = 'GET', path, token, headers = {}, body }) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const fields = {
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...(text === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
    ...headers,
  };
  const asked = `${method} ${path}`;
  return new Promise((answered, failed) => {
    const lost = (error) => failed(new Unanswered(`${asked}: ${error.message}`));
    const request = http.request({ host: '127.0.0.1', port, agent, method, path, headers: fields });
    const late = () => request.destroy(new Error(`no answer within ${patience} ms`));
    request.setTimeout(patience, late).once('error', lost);
    request.once('response', (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('error', lost);
      response.once('end', () => {
        if (!response.complete) return lost(new Error('half an answer'));
        const received = Buffer.concat(chunks).toString();
        const isJson = response.headers['content-type']?.startsWith('application/json');
        return answered({
          status: response.statusCode,
          headers: response.headers,
          body: isJson && received !== '' ? JSON.parse(received) : received,
        });
      });
    });
    request.end(text);
  });
}
