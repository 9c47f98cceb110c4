import { layoutOf } from '../../../lab/layout';
import { labEnvironment } from '../../../lab/run/environment';

const layout = layoutOf('/s');

test('the lab’s addresses bypass the machine’s proxy, in both spellings of the variable', () => {
  const { NO_PROXY, no_proxy } = labEnvironment(layout, { HTTPS_PROXY: 'http://proxy:3128', no_proxy: 'corp.example' });
  expect(no_proxy).toBe(NO_PROXY);
  for (const name of ['corp.example', '10.200.0.1', '10.244.0.0/24', '10.96.0.0/16', '127.0.0.1']) {
    expect(NO_PROXY?.split(',')).toContain(name);
  }
});

test('the administrator’s directories come after the directories of PATH', () => {
  expect(labEnvironment(layout, { PATH: '/opt/bin:/usr/sbin' }).PATH).toBe('/opt/bin:/usr/sbin:/sbin');
});

test('other variables do not change', () => {
  expect(labEnvironment(layout, { LANG: 'C' }).LANG).toBe('C');
});
