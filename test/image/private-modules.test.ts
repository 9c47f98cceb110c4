import { createImageRecipe, moduleVariables, renderGitConfig } from '../../lib/image';
import { renderModuleDownload } from '../../lib/image/private-modules';
import { factsWith, vendored } from './facts';
import { parseService } from './parse-service';

const modules = { private: ['github.com/acme', '*.example.com/*'] };

test('without private modules the download has no mount and no variable', () => {
  expect(renderModuleDownload(undefined)).toEqual(['RUN ["go", "mod", "download"]', 'RUN ["go", "mod", "verify"]']);
});

test('only the download mounts the credential, as a secret', () => {
  const lines = renderModuleDownload({ ...modules, ca: 'PEM' });
  expect(lines.filter((line) => line.includes('type=secret'))).toEqual([
    'RUN --mount=type=secret,id=module-netrc,target=/root/.netrc --mount=type=secret,id=module-gitconfig,target=/root/.gitconfig --mount=type=secret,id=module-ca,target=/etc/ssl/certs/bowline-modules.crt ["go", "mod", "download"]',
  ]);
  expect(lines.at(-1)).toBe('RUN ["go", "mod", "verify"]');
  expect(lines.join('\n')).not.toContain('PEM');
});

test('private modules are neither looked up in a public proxy nor in the checksum database', () => {
  expect(moduleVariables(modules)).toMatchObject({
    GOPRIVATE: 'github.com/acme,*.example.com/*',
    GONOPROXY: 'github.com/acme,*.example.com/*',
    GONOSUMDB: 'github.com/acme,*.example.com/*',
  });
  expect(moduleVariables(modules)).not.toHaveProperty('GOPROXY');
});

test('a proxy serves every module, and there is no second place where anyone can publish the name of a private one', () => {
  expect(moduleVariables({ ...modules, proxy: 'https://proxy.example.com' })).toMatchObject({
    GOPROXY: 'https://proxy.example.com',
    GONOPROXY: 'none',
    GONOSUMDB: 'github.com/acme,*.example.com/*',
  });
});

test('git trusts the certificates for the hosts of private modules only', () => {
  expect(renderGitConfig(modules, '/ca')).toBe(
    '[http "https://*.example.com/"]\n\tsslCAInfo = /ca\n\tsslCAPath = /etc/ssl/certs\n' +
      '[http "https://github.com/"]\n\tsslCAInfo = /ca\n\tsslCAPath = /etc/ssl/certs\n',
  );
});

test('the explanation of a service says which modules are private', () => {
  const { platform, service } = parseService('{ modules: { private: [github.com/acme] } }');
  const { decisions, dockerfile } = createImageRecipe(platform, service, factsWith({}));
  expect(decisions.find(({ subject }) => subject === 'modules')?.reason).toContain(
    'github.com/acme are private: only the download sees their credential',
  );
  expect(dockerfile).toContain('RUN --mount=type=secret,id=module-netrc,target=/root/.netrc ["go", "mod", "download"]');
});

test('a vendored source downloads nothing, and mounts no credential', () => {
  const { platform, service } = parseService('{ modules: { private: [github.com/acme] } }');
  const { dockerfile } = createImageRecipe(platform, service, factsWith(vendored));
  expect(dockerfile).not.toContain('type=secret');
});
