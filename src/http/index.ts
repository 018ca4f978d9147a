export { type OpenApiDocument, openApiDocument, type OpenApiOptions } from './openapi/openapi-document.js';
export { requireVerified, type UserId } from './require-verified.js';
export {
  authRouter,
  resendVerificationRouter,
  signupPage,
  signupRouter,
  verifyEmailRouter,
} from './routers.js';
export type { SignupPageOptions } from './signup-page-endpoint.js';
