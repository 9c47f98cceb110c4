import { machineHosts } from '../../../lib/steps/modules/machine-hosts';

const hosts = `127.0.0.1 localhost
10.1.2.3 git.example.com git # the VPN
10.9.9.9 git.example.com
# 10.1.2.4 commented.example.com
10.1.2.5 a.corp.example.org
fd00::1 proxy.example.net
999.1.1.1 invalid.example.com
`;

test.each([
  [['git.example.com/acme'], undefined, { 'git.example.com': '10.1.2.3' }],
  [['*.example.org'], undefined, { 'a.corp.example.org': '10.1.2.5' }],
  [['github.com/acme'], 'https://proxy.example.net/go', { 'proxy.example.net': 'fd00::1' }],
  [['commented.example.com'], undefined, {}],
  [['*.example.com'], undefined, { 'git.example.com': '10.1.2.3' }],
])('the hosts of %j with the proxy %s are %j', (patterns, proxy, expected) => {
  expect(machineHosts({ private: patterns, proxy }, hosts)).toEqual(expected);
});
