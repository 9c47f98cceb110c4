import { parseCgiHeader } from '../../../lab/git/http-backend';

test.each([
  ['without a status', 'Content-Type: text/plain', { status: 200, fields: [['Content-Type', 'text/plain']] }],
  ['a status', 'Status: 404 Not Found\r\nExpires: 0', { status: 404, fields: [['Expires', '0']] }],
  ['a value with colons', 'Date: Mon, 1 Jan 10:00:00', { status: 200, fields: [['Date', 'Mon, 1 Jan 10:00:00']] }],
])('parses the header of a CGI response: %s', (_, head, expected) => {
  expect(parseCgiHeader(head)).toEqual(expected);
});
