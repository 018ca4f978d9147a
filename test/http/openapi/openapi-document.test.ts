import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { errorStatus } from '../../../src/error-status.js';
import { openApiDocument } from '../../../src/http/index.js';
import { type FluentMeetOptions, InvalidOptionsError } from '../../../src/index.js';
import { signUpSchema } from '../../../src/signup/signup-input.js';
import { createInstance, stopAll } from '../test-host.js';

type Operation = {
  parameters?: { name: string; schema: { enum?: string[] } }[];
  responses: Record<
    string,
    { content?: Record<string, { schema?: { properties?: { code?: { enum: string[] } } } }> }
  >;
};

const server = 'postgres://nobody@127.0.0.1:1/none';

describe('openApiDocument', () => {
  after(stopAll);

  for (const [name, document] of Object.entries({
    'without an instance': () => openApiDocument(),
    'of an instance': () => openApiDocument(createInstance(server).fluentmeet),
    'of one that conceals duplicates': () =>
      openApiDocument(createInstance(server, { duplicates: 'conceal', languages: ['en', 'fr'] }).fluentmeet),
  })) {
    it(`is valid OpenAPI 3.1, ${name}`, async () => {
      const validator = new Validator();
      const result = await validator.validate(JSON.parse(JSON.stringify(document())));
      expect(result.errors, JSON.stringify(result.errors)).to.equal(undefined);
      expect(result.valid).to.equal(true);
      expect(validator.version).to.equal('3.1');
    });
  }

  it('has every status and code of every route', () => {
    const { paths } = openApiDocument();
    expect(Object.keys(paths)).to.deep.equal([
      '/api/v1/auth/signup',
      '/api/v1/auth/signup/status',
      '/api/v1/auth/verify-email',
      '/api/v1/auth/resend-verification',
    ]);
    const statuses = Object.fromEntries(
      Object.entries(paths).flatMap(([path, operations]) =>
        Object.entries(operations).map(([method, operation]) => [
          `${method} ${path.slice('/api/v1/auth'.length)}`,
          Object.keys((operation as Operation).responses).map(Number),
        ]),
      ),
    );
    expect(statuses).to.deep.equal({
      'post /signup': [201, 202, 400, 403, 405, 409, 413, 415, 422, 429, 500, 503],
      'options /signup': [204],
      'get /signup/status': [200, 400, 404, 405, 429, 500, 503],
      'options /signup/status': [204],
      'get /verify-email': [200, 400, 403, 405, 429, 500, 503],
      'head /verify-email': [200, 400, 429, 500, 503],
      'post /verify-email': [200, 400, 403, 405, 409, 413, 415, 429, 500, 503],
      'options /verify-email': [204],
      'post /resend-verification': [200, 400, 405, 413, 415, 429, 500, 503],
      'options /resend-verification': [204],
    });
    const operations = Object.values(paths).flatMap((path) => Object.values(path) as Operation[]);
    const documented = new Set(
      operations.flatMap(({ responses }) =>
        Object.entries(responses).flatMap(([status, { content }]) => {
          const codes = content?.['application/json']?.schema?.properties?.code?.enum ?? [];
          for (const code of codes) expect(errorStatus[code as 'INVALID_JSON']).to.equal(Number(status));
          return codes;
        }),
      ),
    );
    const internal = Object.entries(errorStatus).filter(
      ([code, status]) => status === 500 && code !== 'INTERNAL_SERVER_ERROR',
    );
    // Its codes are the host's.
    const elsewhere = ['EMAIL_NOT_VERIFIED', 'SIGNUP_REFUSED', ...internal.map(([code]) => code)];
    expect([...documented]).to.have.members(
      Object.keys(errorStatus).filter((code) => !elsewhere.includes(code)),
    );
  });

  it("lets a host's hook refuse with a status and a code of its own", () => {
    const { fluentmeet } = createInstance(server, { hooks: { beforeSignUp() {} } });
    const { responses } = openApiDocument(fluentmeet).paths['/api/v1/auth/signup']!['post'] as Operation;
    expect(responses).to.have.property('4XX');
    expect(responses['403']!.content?.['application/json']?.schema?.properties?.code?.enum).to.equal(
      undefined,
    );
    expect(responses['503']!.content?.['application/json']?.schema?.properties?.code?.enum).not.to.equal(
      undefined,
    );
  });

  it('lets a host’s blocklist of passwords refuse so, too: a signup, and a proof where one is asked for', () => {
    const refuses = (options: Partial<FluentMeetOptions>) => {
      const { paths } = openApiDocument(createInstance(server, options).fluentmeet);
      return ['signup', 'verify-email', 'resend-verification'].filter(
        (route) => '4XX' in (paths[`/api/v1/auth/${route}`]!['post'] as Operation).responses,
      );
    };
    const passwordBlocklist = () => false;
    expect(refuses({})).to.deep.equal([]);
    expect(refuses({ passwordBlocklist })).to.deep.equal(['signup']);
    expect(refuses({ passwordBlocklist, proof: 'link-and-password' })).to.deep.equal([
      'signup',
      'verify-email',
    ]);
    expect(refuses({ proof: 'link-and-password' })).to.deep.equal([]);
  });

  it('has the action of a link, and what is said of a wrong one', () => {
    const { get, post } = openApiDocument().paths['/api/v1/auth/verify-email'] as Record<string, Operation>;
    const actionOf = (operation: Operation | undefined) =>
      operation!.parameters?.find(({ name }) => name === 'action')?.schema.enum;
    expect(actionOf(get)).to.deep.equal(['verify']);
    expect(actionOf(post)).to.deep.equal(['verify', 'resend', 'remove']);
    const codes = get!.responses['400']!.content?.['application/json']?.schema?.properties?.code?.enum;
    expect(codes).to.include('VALIDATION_ERROR');
  });

  it('has the challenge and its field where ALTCHA is asked for', async () => {
    const { fluentmeet } = createInstance(server, { challenge: 'altcha' });
    const document = openApiDocument(fluentmeet);
    const { get } = document.paths['/api/v1/auth/signup/challenge'] as { get: Operation };
    expect(Object.keys(get.responses).map(Number)).to.deep.equal([200, 405, 429, 500, 503]);
    const { SignUp } = document.components.schemas as Record<
      string,
      { properties: object; required: string[] }
    >;
    expect(SignUp!.properties).to.have.property('altcha');
    expect((await new Validator().validate(JSON.parse(JSON.stringify(document)))).valid).to.equal(true);
  });

  it('takes the body from the schema that validates', () => {
    const { SignUp } = openApiDocument().components.schemas as Record<
      string,
      { properties: object; required: string[] }
    >;
    expect(Object.keys(SignUp!.properties)).to.deep.equal(Object.keys(signUpSchema().shape));
    expect(SignUp!.required).to.deep.equal(['email', 'password']);
    for (const [name, property] of Object.entries(SignUp!.properties)) {
      expect(property, name).to.have.property('description');
    }
  });

  it('follows the configuration: address, duplicates, base path', () => {
    const { fluentmeet } = createInstance(server, { duplicates: 'conceal' });
    const document = openApiDocument(fluentmeet, { basePath: '/auth' });
    expect(document.servers).to.deep.equal([{ url: 'https://app.example.com' }]);
    const { responses } = document.paths['/auth/signup']!['post'] as Operation;
    expect(Object.keys(responses)).to.include('202').and.not.to.include.members(['201', '409']);
  });

  it('takes a base path as it is mounted, with or without a slash at its end, and the root', () => {
    const firstOf = (basePath: string) => Object.keys(openApiDocument(undefined, { basePath }).paths)[0];
    expect(firstOf('/account/')).to.equal('/account/signup');
    expect(firstOf('/')).to.equal('/signup');
    expect(firstOf('')).to.equal('/signup');
    expect(Object.keys(openApiDocument(undefined, { basePath: undefined }).paths)[0]).to.match(/^\/api\/v1/);
  });

  it('refuses options that are wrong or unknown', () => {
    for (const [options, message] of [
      [{ basePath: 'account' }, /: openApiDocument\.basePath: must begin with \/$/],
      [{ basePath: 7 }, /: openApiDocument\.basePath: /],
      [{ basepath: '/x' }, /: openApiDocument: there is no option basepath \(did you mean basePath\?\)$/],
    ] as const) {
      expect(() => openApiDocument(undefined, options as never)).to.throw(InvalidOptionsError, message);
    }
  });
});
