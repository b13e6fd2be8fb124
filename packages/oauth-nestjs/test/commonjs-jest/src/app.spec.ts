import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { createBrowser, createEmulator } from '@zrecruit/oauth-emulator';
import { getZohoRecruitToken, isRecruitOAuthError } from '@zrecruit/oauth-nestjs';
import { randomBytes, randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { AppModule } from './app.module';
import { CandidatesService } from './candidates.service';
import { Settings } from './settings';

// Below the range from which the system chooses free ports, so that no other socket gets this port.
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const port = randomInt(10_000, 30_000);
    const server = createServer();
    server.once('error', () => resolve(freePort()));
    server.listen(port, () => server.close(() => resolve(port)));
  });

describe('the app', () => {
  const emulator = createEmulator();
  const browser = createBrowser();
  let app: INestApplication;
  let origin: string;

  beforeAll(async () => {
    const port = await freePort();
    origin = `http://localhost:${port}`;
    const redirectUri = `${origin}/zoho/callback`;
    emulator.addRedirectUris([redirectUri]);
    await emulator.listen({ port: 0 });
    const settings: Settings = {
      redirectUri,
      clientId: emulator.client.id,
      clientSecret: emulator.client.secret,
      encryptionKeys: [randomBytes(32).toString('base64')],
      database: 'zoho.db',
      dataCenters: emulator.dataCenters,
    };
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(Settings)
      .useValue(settings)
      .compile();
    app = module.createNestApplication();
    await app.listen(port);
  });

  afterAll(async () => {
    await app.close();
    await emulator.close();
  });

  const page = { headers: { accept: 'text/html', 'x-user': 'alice' } };
  const json = { headers: { accept: 'application/json', 'x-user': 'alice' } };

  it('connects a user and calls Zoho Recruit', async () => {
    const refused = await browser.send(`${origin}/candidates`, json);
    expect([refused.status, JSON.parse(refused.text)]).toEqual([
      401,
      expect.objectContaining({ code: 'not-connected', connect: `${origin}/zoho/connect` }),
    ]);
    const started = await browser.send(`${origin}/zoho/connect`, page);
    const consent = await browser.open(started.headers.get('location') ?? '');
    const approved = await browser.submit(consent, { decision: 'approve' }, { stay: true });
    const callback = approved.headers.get('location') ?? '';
    const connected = await browser.send(callback, page);
    expect([connected.status, connected.headers.get('location')]).toEqual([303, '/']);
    const candidates = await browser.send(`${origin}/candidates`, json);
    expect(JSON.parse(candidates.text)).toEqual({ count: 3, status: 200 });
    const users = await browser.send(`${origin}/users`, json);
    expect([users.status, JSON.parse(users.text)]).toEqual([
      403,
      expect.objectContaining({ missingScopes: ['ZohoRecruit.users.READ'] }),
    ]);
  });

  it('`isRecruitOAuthError` recognises an error that core throws', async () => {
    const error = await app
      .get(CandidatesService)
      .count('nobody')
      .catch((reason: unknown) => reason);
    expect(isRecruitOAuthError(error) && error.code).toBe('not-connected');
  });
});

it('a service can be tested with a mock of the client', async () => {
  const fetch = jest.fn().mockResolvedValue(new Response(JSON.stringify({ data: [1, 2] })));
  const connection = jest.fn().mockReturnValue({ fetch });
  const module = await Test.createTestingModule({
    providers: [CandidatesService, { provide: getZohoRecruitToken(), useValue: { connection } }],
  }).compile();
  expect(await module.get(CandidatesService).count('acme')).toBe(2);
  expect(connection).toHaveBeenCalledWith('acme');
  expect(fetch).toHaveBeenCalledWith('Candidates?per_page=3');
});
