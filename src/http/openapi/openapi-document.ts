import { z } from 'zod';
import { defaultBrand } from '../../brand.js';
import { type FluentMeet, internalsOf } from '../../fluentmeet.js';
import { checkOptions } from '../../options/check-options.js';
import { version } from '../../version.js';
import { resendInput } from '../resend-verification-endpoint.js';
import { errorSchema, inputSchema, okSchema, profileSchema, signUpInput, verifyInput } from './schemas.js';
import { signup, signupChallenge, signupStatus } from './signup-operations.js';
import { resendVerification, verifyEmail } from './verification-operations.js';

export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  servers?: { url: string }[];
  paths: Record<string, Record<string, unknown>>;
  components: { schemas: Record<string, unknown> };
}

export interface OpenApiOptions {
  /** Where `authRouter` is mounted. Default `/api/v1/auth`. */
  basePath?: string | undefined;
}

const optionsSchema = z.strictObject({
  basePath: z
    .string()
    .regex(/^(\/|$)/, 'must begin with /')
    .transform((path) => path.replace(/\/+$/, ''))
    .default('/api/v1/auth'),
});

/**
 * Describes the routes, from the same zod schemas that validate. With an instance, as that one is configured: its
 * address, languages, and whether it conceals duplicates.
 *
 * @throws InvalidOptionsError
 */
export function openApiDocument(fluentmeet?: FluentMeet, options: OpenApiOptions = {}): OpenApiDocument {
  const { basePath } = checkOptions(optionsSchema, options, ['openApiDocument']);
  const config = fluentmeet && internalsOf(fluentmeet).config;
  return {
    openapi: '3.1.0',
    info: {
      title: `${(config?.brand ?? defaultBrand).name} signup`,
      version,
      description: 'User registration, verification of the email address, and resending of the link.',
    },
    ...(config ? { servers: [{ url: config.publicUrl }] } : {}),
    paths: {
      [`${basePath}/signup`]: signup(config),
      [`${basePath}/signup/status`]: signupStatus(),
      ...signupChallenge(basePath, config),
      [`${basePath}/verify-email`]: verifyEmail(config),
      [`${basePath}/resend-verification`]: resendVerification(config),
    },
    components: {
      schemas: {
        SignUp: signUpInput(config),
        VerifyEmail: verifyInput(config),
        ResendVerification: inputSchema(resendInput),
        PublicProfile: profileSchema,
        Ok: okSchema,
        Error: errorSchema,
      },
    },
  };
}
