import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkSubmoduleUrls } from '../../../../lib/steps';
import { parseService } from '../../../image/parse-service';
import { type Checkout, openCheckout } from '../../checkout';

let checkout: Checkout;
beforeEach(() => {
  checkout = openCheckout();
});
afterEach(() => checkout.dispose());

const check = (clone: 'archive' | 'full') => {
  const { platform, service } = parseService('{}', `{ repository: acme/shop, clone: ${clone} }`);
  return checkSubmoduleUrls(platform, service, checkout.directory);
};
const gitmodules = (url: string) => `[submodule "lib"]\n\tpath = lib\n\turl = ${url}\n`;

test('a work tree whose submodules have URLs that no pipeline fetches is an error before anything is built', async () => {
  mkdirSync(join(checkout.directory, 'lib'));
  checkout.write({ '.gitmodules': gitmodules('git@github.com:acme/lib.git') });
  await expect(check('full')).rejects.toMatchObject({
    code: 'recipe',
    exitCode: 3,
    message:
      'shop: .gitmodules: the URL of the submodule lib, "git@github.com:acme/lib.git", needs an ssh key, which the pipeline does not have. Write https://github.com/acme/lib.git, or the path from this repository, such as ../lib.git.',
  });
  await check('archive');
});

test.each(['../lib.git', 'https://github.com/acme/lib'])('%s is fetched', async (url) => {
  mkdirSync(join(checkout.directory, 'lib'));
  checkout.write({ '.gitmodules': gitmodules(url) });
  await check('full');
});

test('an entry of a submodule that no longer exists does not count', async () => {
  checkout.write({ '.gitmodules': gitmodules('git@github.com:acme/lib.git') });
  await check('full');
});
