import { parseCgiHead } from '../../../lab/git/serve-git';

test.each([
  ['no status is 200', 'Content-Type: text/plain', { status: 200, fields: [['Content-Type', 'text/plain']] }],
  ['a status', 'Status: 404 Not Found\r\nExpires: 0', { status: 404, fields: [['Expires', '0']] }],
  ['a value with colons', 'Date: Mon, 1 Jan 10:00:00', { status: 200, fields: [['Date', 'Mon, 1 Jan 10:00:00']] }],
])('the head of a CGI answer: %s', (_, head, expected) => {
  expect(parseCgiHead(head)).toEqual(expected);
});
