export { type OpenApiDocument, openApiDocument, type OpenApiOptions } from './openapi.js';
export { requireVerified, type UserId } from './require-verified.js';
export { authRouter, resendVerificationRouter, signupRouter, verifyEmailRouter } from './routers.js';
